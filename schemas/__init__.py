"""The records on the topics and in files: frozen and validated, with their JSON Schemas and the codec."""

from schemas.alert import (
    Act,
    Alert,
    Conflict,
    Development,
    Lead,
    Novelty,
    ScopedNovelty,
    Side,
    Subject,
    Times,
    Verdict,
)
from schemas.article import Article, Story
from schemas.backtest import Backtest
from schemas.delivery import Delivery, Notice, Receipt
from schemas.event import Context, Event, Match, Matches
from schemas.feed import FeedState
from schemas.ledger import Correction, LedgerActor, LedgerCorrection, LedgerPage, LedgerVouching, ReportedDay
from schemas.outcome import DeadLetter, Outcome, Place, Step
from schemas.record import Entity, Part, Record, Span
from schemas.rules import RuleVersion
from schemas.state import AlertMemory, ArticleMemory, Report, WatchedRevision
from schemas.story_memory import StoryMemory

RECORDS: tuple[type[Record], ...] = (
    Article,
    Story,
    Event,
    Match,
    Matches,
    Alert,
    Verdict,
    Outcome,
    DeadLetter,
    Delivery,
    LedgerPage,
    LedgerCorrection,
    LedgerVouching,
    ArticleMemory,
    StoryMemory,
    AlertMemory,
    WatchedRevision,
    FeedState,
    RuleVersion,
    Backtest,
)

__all__ = [
    "RECORDS",
    "Act",
    "Alert",
    "AlertMemory",
    "Article",
    "ArticleMemory",
    "Backtest",
    "Conflict",
    "Context",
    "Correction",
    "DeadLetter",
    "Delivery",
    "Development",
    "Entity",
    "Event",
    "FeedState",
    "Lead",
    "LedgerActor",
    "LedgerCorrection",
    "LedgerPage",
    "LedgerVouching",
    "Match",
    "Matches",
    "Notice",
    "Novelty",
    "Outcome",
    "Part",
    "Place",
    "Receipt",
    "Record",
    "Report",
    "ReportedDay",
    "RuleVersion",
    "ScopedNovelty",
    "Side",
    "Span",
    "Step",
    "Story",
    "StoryMemory",
    "Subject",
    "Times",
    "Verdict",
    "WatchedRevision",
]

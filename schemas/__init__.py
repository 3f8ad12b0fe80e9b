"""The records on the topics and in files: frozen and validated, with their JSON Schemas and the codec."""

from schemas.alert import (
    Act,
    Alert,
    Conflict,
    CoveringArticle,
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
from schemas.audit import AuditEntry
from schemas.backtest import Backtest
from schemas.delivery import Delivery, Notice, Receipt
from schemas.event import Context, Event, Match, Matches
from schemas.feed import FeedEntries, FeedState
from schemas.ledger import Correction, LedgerActor, LedgerCorrection, LedgerPage, LedgerVouching, ReportedDay
from schemas.outcome import DeadLetter, Outcome, Place, Step
from schemas.record import Entity, Part, Record, Span
from schemas.reload import ReloadRequest
from schemas.replay_run import ReplayRun
from schemas.rules import RuleVersion
from schemas.silence import Feedback, Silence
from schemas.state import AlertMemory, ArticleMemory, Report, WatchedRevision
from schemas.story_memory import StoryMemory
from schemas.subscription import SecretPlace, SubscriptionChange
from schemas.takedown import Takedown

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
    FeedEntries,
    SubscriptionChange,
    RuleVersion,
    Silence,
    Feedback,
    ReloadRequest,
    AuditEntry,
    Backtest,
    ReplayRun,
    Takedown,
)

__all__ = [
    "RECORDS",
    "Act",
    "Alert",
    "AlertMemory",
    "Article",
    "ArticleMemory",
    "AuditEntry",
    "Backtest",
    "Conflict",
    "Context",
    "Correction",
    "CoveringArticle",
    "DeadLetter",
    "Delivery",
    "Development",
    "Entity",
    "Event",
    "FeedEntries",
    "FeedState",
    "Feedback",
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
    "ReloadRequest",
    "ReplayRun",
    "Report",
    "ReportedDay",
    "RuleVersion",
    "ScopedNovelty",
    "SecretPlace",
    "Side",
    "Silence",
    "Span",
    "Step",
    "Story",
    "StoryMemory",
    "Subject",
    "SubscriptionChange",
    "Takedown",
    "Times",
    "Verdict",
    "WatchedRevision",
]

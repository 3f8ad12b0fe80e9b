"""The finding of a recognition, made of actors, targets and status."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.circumstances import StatusCue
from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.name_rows import ActorSpan
from firstwire.core.events.objects import Object
from firstwire.core.events.parties import actors_on
from firstwire.core.events.subjects import nation_of_person


def recognized(
    sentence: Sentence,
    verb: int,
    judgement: StatusCue,
    subject: ActorSpan | None,
    found: Object,
    published_on: str,
    action: str = "recognize",
) -> Iterator[FoundAct]:
    targets = found.targets
    if subject is None:
        ends = (judgement.subject_end, 3, 4)  # of the clause, of the sentence
        subject = next((one for end in ends if (one := nation_of_person(sentence, end)) is not None), None)
    actors = actors_on(subject.actors if subject is not None else (), targets)
    if actors is None:
        return
    status, cue = judgement.status, judgement.cue
    if judgement.withdraws:
        action = "withdraw_recognition"
    elif subject is not None and subject.negative:
        status, cue = "negated", "nobody does"
    if not actors and status == "asserted":
        status, cue = "historical", "nobody is named who does it"
    yield FoundAct(
        action=action,
        actors=actors,
        targets=targets,
        status=status,
        cue=cue,
        sentence=sentence,
        verb=verb,
        first=min(verb, subject.first if subject is not None else verb, found.first),
        last=max(verb, found.last),
        act_date=act_date(sentence, verb, published_on),
    )

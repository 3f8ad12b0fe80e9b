"""One story as a receiver is told it: raised, confirmed, grown, corrected, retracted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from firstwire.notifier.changes import Told
from schemas import Act, Alert, Novelty, Receipt
from schemas.alert import LedgerAnswer, Removal
from tests.support.alerts import first_alert

RAISED_AT = "2025-07-03T14:02:40.180Z"
MALTA = Act(actor="malta", name="Malta", date="2025-07-01", era="since 2021-08-15")


def told_story() -> Iterator[tuple[Alert, Receipt, Told | None]]:
    """Each revision that is told, its receipt, and what the receiver knows by then."""
    told: Told | None = None
    for number, changes in enumerate(_revisions(), start=1):
        alert = first_alert(revision=number, tags=("afghanistan", "russia", "taliban"), **changes)
        hour = f"{13 + number}"
        receipt = Receipt(
            published_at="2025-07-03T14:02:11.000Z",
            fetched_at="2025-07-03T14:02:40.000Z",
            alerted_at=RAISED_AT.replace("T14", f"T{hour}"),
            delivered_at=RAISED_AT.replace("T14", f"T{hour}").replace("180Z", "310Z"),
        )
        yield alert, receipt, told
        told = Told(
            state=alert.state,
            status=alert.status,
            certainty=alert.certainty,
            outlets=alert.outlets,
            origins=len(alert.origins),
            ledger=None if alert.novelty is None else alert.novelty.ledger,
        )


def _revisions() -> Iterator[dict[str, Any]]:
    outlets = ("Meridian Daily", "Radio Kivu", "The Harbor Post")
    lead = msgspec.structs.replace(first_alert().lead, source="Meridian Daily")
    first = Novelty(
        claimed=True,
        answer=LedgerAnswer.NO_EARLIER,
        ledger="no earlier actor in this era",
        done_on="2025-07-03",
        position=1,
        vouched_until="2025-06-30",
    )
    second = msgspec.structs.replace(
        first, answer=LedgerAnswer.CONTRADICTED, ledger="second, after Malta", position=2, earlier=(MALTA,)
    )
    removal = Removal(by="outlet", name="Russia", source="Meridian Daily")
    removed = msgspec.structs.replace(first, answer=LedgerAnswer.REMOVED, ledger="withdrawn", removal=removal)
    told = {"status": "planned", "certainty": "unsure", "lead": lead, "novelty": first}
    yield {**told, "outlets": outlets[:1], "origins": ("a1",)}
    told |= {"status": "asserted", "certainty": "sure"}
    yield {**told, "state": "updated", "outlets": outlets[:2], "origins": ("a1", "a2")}
    yield {**told, "state": "updated", "outlets": outlets, "origins": tuple("abcde")}
    yield {**told, "state": "corrected", "outlets": outlets, "origins": tuple("abcde"), "novelty": second}
    yield {**told, "state": "retracted", "outlets": outlets, "origins": tuple("abcde"), "novelty": removed}

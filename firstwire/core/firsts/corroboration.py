"""Corroboration: from when on enough independent origins have reported something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.ledger import Reporting

SURE_ORIGINS = 1
UNSURE_ORIGINS = 2
"""The ledger's own measure: a sure reading counts alone, unsure ones from two independent origins on."""

REPORTS_KEPT = 8
"""Reports kept of a day or a denial, the earliest: more would not change from when on they count."""
SURE_REPORTS_KEPT = 4


def corroborated_at(reports: Iterable[Reporting], *, sure: int, unsure: int) -> str | None:
    """When so many independent origins had reported it with sure readings, or so many with any; None: not yet."""
    ordered = sorted(reports, key=_order)
    enough = enough_reports(ordered, sure=sure, unsure=unsure)
    return ordered[enough - 1].known_at if enough is not None else None


def enough_reports(ordered: Sequence[Reporting], *, sure: int, unsure: int) -> int | None:
    """The number of reports, from the first, that are enough; None if all are not."""
    of_sure, of_any = _Pairs(), _Pairs()
    for number, report in enumerate(ordered, start=1):
        of_any.add(report)
        if report.certainty == "sure":
            of_sure.add(report)
        if len(of_sure) >= sure or len(of_any) >= unsure:
            return number
    return None


def merged_reports(first: Sequence[Reporting], second: Sequence[Reporting]) -> tuple[Reporting, ...]:
    """The earliest reports of both, each origin, outlet and certainty once. Order of arrival changes nothing."""
    earliest: dict[tuple[str, str | None, str], Reporting] = {}
    for report in (*first, *second):
        key = (report.origin_id, report.source, report.certainty)
        earliest[key] = min(earliest.get(key, report), report, key=_order)
    ordered = sorted(earliest.values(), key=_order)
    sure = [report for report in ordered if report.certainty == "sure"][:SURE_REPORTS_KEPT]
    return tuple(report for at, report in enumerate(ordered) if at < REPORTS_KEPT or report in sure)


class _Pairs:
    """The largest number of reports that differ in both origin and outlet, as reports are added.

    Two texts of one outlet confirm each other as little as two outlets with one agency's text. A maximum matching of
    origins and outlets, by augmenting paths.
    """

    def __init__(self) -> None:
        self._outlets: dict[str, set[str]] = {}
        self._origin_of: dict[str, str] = {}
        self._free: set[str] = set()

    def __len__(self) -> int:
        return len(self._origin_of)

    def add(self, report: Reporting) -> None:
        origin = report.origin_id
        outlet = f"outlet {report.source}" if report.source is not None else f"origin {origin}"
        if origin not in self._outlets:
            self._outlets[origin] = set()
            self._free.add(origin)
        if outlet in self._outlets[origin]:
            return
        self._outlets[origin].add(outlet)
        # A path that uses the new pair begins at its origin, if that is free
        for start in [origin] if origin in self._free else sorted(self._free):
            if self._is_placed(start, set()):
                self._free.remove(start)
                return

    def _is_placed(self, origin: str, tried: set[str]) -> bool:
        for outlet in sorted(self._outlets[origin] - tried):
            tried.add(outlet)
            held = self._origin_of.get(outlet)
            if held is None or self._is_placed(held, tried):
                self._origin_of[outlet] = origin
                return True
        return False


def _order(report: Reporting) -> tuple[str, str, str, str]:
    return (report.known_at, report.origin_id, report.source or "", report.certainty)

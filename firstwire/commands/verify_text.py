"""The result of `firstwire verify` as lines, and as JSON."""

from __future__ import annotations

from collections import Counter

import orjson

from firstwire.core.text.wording import counted, one_line
from firstwire.replay.verify import Verified


def difference_lines(found: Verified) -> list[str]:
    """What was compared, each difference with its cause, and the sum."""
    lines = [f"{counted(found.articles, 'article')} judged again from {found.stage.value}"]
    for one in found.differences:
        lines += [
            f"{one.cause.value}: {one_line(one.headline)}",
            f"    {one.rule_id} · alert {one.alert_id[:12]} · {one.what}",
            f"    {one_line(one.detail)}",
        ]
    causes = Counter(one.cause.value for one in found.differences)
    told = ", ".join(f"{count:,} {cause}" for cause, count in sorted(causes.items())) or "all as raised live"
    lines.append(f"{counted(found.alerts, 'alert')} compared: {told}")
    return lines


def json_of(found: Verified) -> str:
    """One array, an object for each difference."""
    return orjson.dumps(
        [
            {
                "alert_id": one.alert_id,
                "rule_id": one.rule_id,
                "headline": one.headline,
                "what": one.what,
                "cause": one.cause.value,
                "detail": one.detail,
            }
            for one in found.differences
        ]
    ).decode()

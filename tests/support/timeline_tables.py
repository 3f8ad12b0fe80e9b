"""Timelines that more than one test goes through: of the routing alone, of the records, and of the notifier."""

from __future__ import annotations

from typing import Any

import msgspec

from firstwire.core.routes.settings import Inhibition

NEWSROOM = '[[routes]]\nreceivers = ["desk"]\n'

TIMELINES: dict[str, tuple[str, str]] = {
    "at once by default": (
        NEWSROOM,
        """
        10:00:00 | A; B story=x; C story=x | desk: A; desk: B; desk: C
        10:00:01 | B again                 | desk: B
        10:00:02 | A retracted             | desk: A
        """,
    ),
    "a group waits for others, then for its interval": (
        NEWSROOM + 'group_by = ["story"]\ngroup_wait = "30s"\ngroup_interval = "5m"',
        """
        10:00:00 | A story=x |
        10:00:10 | B story=y |
        10:00:29 | C story=x |
        10:00:30 |           | desk: A, C
        10:00:31 | D story=x |
        10:00:40 |           | desk: B
        10:01:00 | A again   |
        10:05:30 |           | desk: A, D
        10:10:31 | E story=x |
        10:11:01 |           | desk: E
        """,
    ),
    "one that joins at the last moment": (
        NEWSROOM + 'group_by = []\ngroup_wait = "30s"',
        """
        10:00:00 | A |
        10:00:30 | B | desk: A
        10:01:00 |   | desk: B
        """,
    ),
    "what is taken back while it waits is never told, and a newer revision takes its place": (
        NEWSROOM + 'group_by = []\ngroup_wait = "30s"',
        """
        10:00:00 | A kind=event; B kind=event; C |
        10:00:10 | A retracted; B corrected      |
        10:00:20 | C again                       |
        10:00:30 |                               | desk: C
        10:00:40 | B retracted                   |
        """,
    ),
    "what was told is taken back after the interval": (
        NEWSROOM + 'group_by = ["subject"]\ngroup_interval = "5m"',
        """
        10:00:00 | A kind=event | desk: A
        10:01:00 | A retracted  |
        10:05:00 |              | desk: A
        """,
    ),
    "groups by rule, target and severity": (
        NEWSROOM + 'group_by = ["rule", "target", "severity"]\ngroup_wait = "10s"',
        """
        10:00:00 | A kind=event target=mali; B kind=event target=mali; C kind=event target=chad        |
        10:00:01 | D kind=event target=mali severity=critical; E kind=event target=mali rule=other; F; G |
        10:00:10 |  | desk: A, B; desk: C
        10:00:11 |  | desk: D; desk: E; desk: F; desk: G
        """,
    ),
    "told again until somebody acknowledges it": (
        NEWSROOM + 'repeat_interval = "1h"',
        """
        10:00:00 | A; B               | desk: A; desk: B
        10:30:00 | A again            | desk: A
        11:00:00 |                    | desk: B
        11:30:00 |                    | desk: A
        11:40:00 | Ada acknowledges A |
        12:00:00 |                    | desk: B
        12:10:00 | B corrected        | desk: B
        12:20:00 | A again            | desk: A
        20:00:00 |                    |
        """,
    ),
    "reminded for three days": (
        NEWSROOM + 'repeat_interval = "1d"',
        """
        2026-03-02 10:00:00 | A | desk: A
        2026-03-03 10:00:00 |   | desk: A
        2026-03-04 10:00:00 |   | desk: A
        2026-03-09 10:00:00 |   |
        """,
    ),
    "repeats of a group come together": (
        NEWSROOM + 'group_by = []\ngroup_wait = "30s"\nrepeat_interval = "1h"',
        """
        10:00:00 | A; B |
        10:00:30 |      | desk: A, B
        11:00:30 |      | desk: A, B
        """,
    ),
    "a rule cools down": (
        NEWSROOM + 'cooldown = "10m"',
        """
        10:00:00 | A rule=x; B rule=y | desk: A; desk: B
        10:01:00 | C rule=x           |
        10:02:00 | D rule=z           | desk: D
        10:10:00 |                    | desk: C
        """,
    ),
    "a silence mutes for good, but not what is new after it": (
        NEWSROOM,
        """
        10:00:00 | silence 1h tag=cricket             |
        10:10:00 | A tag=cricket; B tag=mali          | desk: B
        10:59:59 | A again                            |
        11:00:00 | C tag=cricket                      | desk: C
        11:10:00 | A again                            | desk: A
        """,
    ),
    "a silence reaches what waits, its end does not": (
        NEWSROOM + 'group_by = []\ngroup_wait = "1m"',
        """
        10:00:00 | A tag=cricket; B       |
        10:00:30 | silence 20s tag=mali   |
        10:00:40 | silence 20s tag=cricket |
        10:00:50 | silence 30s tag=cricket |
        10:01:00 |                        | desk: B
        """,
    ),
    "a snooze postpones news and reminders to its end": (
        NEWSROOM + 'repeat_interval = "1h"',
        """
        10:00:00 | A; B               | desk: A; desk: B
        10:10:00 | snooze 90m alert=A |
        10:20:00 | A again            |
        11:00:00 |                    | desk: B
        11:40:00 |                    | desk: A
        """,
    ),
    "a false alarm is not told again, a correction of it is": (
        NEWSROOM + 'repeat_interval = "1h"',
        """
        10:00:00 | A                       | desk: A
        10:01:00 | Ada calls A a false alarm |
        10:02:00 | A again                 |
        10:03:00 | A retracted             | desk: A
        18:00:00 |                         |
        """,
    ),
    "quiet hours": (
        NEWSROOM + 'quiet_hours = [{ from = "22:00", to = "07:00" }]',
        """
        2026-03-02 21:59:59 | A       | desk: A
        2026-03-02 22:00:00 | B; A again |
        2026-03-03 06:59:59 | C       |
        2026-03-03 07:00:00 | D       | desk: B; desk: A; desk: C; desk: D
        """,
    ),
    "quiet hours that follow each other, on some days": (
        NEWSROOM
        + 'quiet_hours = [{ from = "20:00", to = "00:00", days = ["fri", "sat"] }, { from = "00:00", to = "09:00" }]',
        """
        2026-03-05 21:00:00 | A | desk: A
        2026-03-06 21:00:00 | B |
        2026-03-07 09:00:00 |   | desk: B
        """,
    ),
    "quiet hours over the change to summer time": (
        NEWSROOM + 'timezone = "Europe/Berlin"\nquiet_hours = [{ from = "22:00", to = "07:00" }]',
        """
        2026-03-28 20:59:59 | A | desk: A
        2026-03-28 21:00:00 | B |
        2026-03-29 04:59:59 | C |
        2026-03-29 05:00:00 |   | desk: B; desk: C
        2026-03-29 20:00:00 | D |
        2026-03-30 05:00:00 |   | desk: D
        """,
    ),
    "quiet hours over the change back": (
        NEWSROOM + 'timezone = "Europe/Berlin"\nquiet_hours = [{ from = "22:00", to = "07:00" }]',
        """
        2026-10-24 20:00:00 | A |
        2026-10-25 06:00:00 |   | desk: A
        """,
    ),
    "quiet hours that end in an hour that is skipped, or comes twice": (
        NEWSROOM + 'timezone = "Europe/Berlin"\nquiet_hours = [{ from = "22:00", to = "02:30" }]',
        """
        2026-03-29 00:00:00 | A |
        2026-03-29 01:30:00 |   | desk: A
        2026-10-25 00:40:00 | B |
        2026-10-25 01:30:00 |   | desk: B
        """,
    ),
    "a group that is due in quiet hours": (
        NEWSROOM + 'group_by = []\ngroup_wait = "30s"\nquiet_hours = [{ from = "22:00", to = "07:00" }]',
        """
        2026-03-02 21:59:50 | A |
        2026-03-03 02:00:00 | B |
        2026-03-03 07:00:00 |   | desk: A, B
        """,
    ),
    "no reminder in quiet hours": (
        NEWSROOM + 'repeat_interval = "5h"\nquiet_hours = [{ from = "22:00", to = "07:00" }]',
        """
        2026-03-02 18:00:00 | A | desk: A
        2026-03-03 07:00:00 |   | desk: A
        2026-03-03 12:00:00 |   | desk: A
        """,
    ),
    "a digest each hour": (
        NEWSROOM + 'digest = "hourly"',
        """
        10:00:00 | A; B story=x          |
        10:59:59 | C story=x             |
        11:00:00 | D                     | desk: A, B, C
        12:00:00 |                       | desk: D
        15:10:00 | E                     |
        16:00:00 |                       | desk: E
        """,
    ),
    "a digest each hour where clocks are half an hour off": (
        NEWSROOM + 'digest = "hourly"\ntimezone = "Asia/Kolkata"',
        """
        10:00:00 | A |
        10:30:00 |   | desk: A
        """,
    ),
    "a digest each day by the clock on the wall": (
        NEWSROOM + 'digest = "daily 08:00"\ntimezone = "Europe/Berlin"',
        """
        2026-03-28 06:59:59 | A |
        2026-03-28 07:00:00 | B | desk: A
        2026-03-29 06:00:00 |   | desk: B
        2026-03-29 06:00:01 | C |
        2026-03-30 06:00:00 |   | desk: C
        """,
    ),
    "a digest at a time that is skipped": (
        NEWSROOM + 'digest = "daily 02:30"\ntimezone = "Europe/Berlin"',
        """
        2026-03-28 12:00:00 | A |
        2026-03-29 01:30:00 | B | desk: A
        2026-03-30 00:30:00 |   | desk: B
        """,
    ),
    "a digest once it is full": (
        NEWSROOM + 'digest = "daily 08:00"\ndigest_count = 3',
        """
        10:00:00 | A; B |
        10:30:00 | C    | desk: A, B, C
        11:00:00 | D    |
        2026-03-03 08:00:00 | | desk: D
        """,
    ),
    "a digest by number alone": (
        NEWSROOM + "digest_count = 2",
        """
        10:00:00 | A |
        2026-03-09 10:00:00 | B | desk: A, B
        2026-03-09 11:00:00 | C |
        2026-03-19 11:00:00 |   |
        """,
    ),
    "a digest by number alone that is full in quiet hours": (
        NEWSROOM + 'digest_count = 2\nquiet_hours = [{ from = "00:00", to = "07:00" }]',
        """
        2026-03-02 03:00:00 | A |
        2026-03-02 04:00:00 | B |
        2026-03-02 07:00:00 |   | desk: A, B
        """,
    ),
    "of what was muted no correction is told": (
        NEWSROOM,
        """
        10:00:00 | silence 1h tag=cricket |
        10:10:00 | A tag=cricket          |
        11:10:00 | A retracted            |
        """,
    ),
    "routes below have what they do not set from above": (
        NEWSROOM
        + 'group_by = []\ngroup_wait = "30s"\n[[routes.routes]]\nmatch = { severity = "critical" }\ngroup_wait = "0s"',
        """
        10:00:00 | A                   |
        10:00:10 | B severity=critical | desk: B
        10:00:30 |                     | desk: A
        """,
    ),
    "several receivers by several routes": (
        '[[routes]]\nreceivers = ["phone", "desk"]\nmatchers = ["severity=critical"]\n'
        '[[routes]]\nreceivers = ["desk", "archive"]\ndigest = "hourly"',
        """
        10:10:00 | A severity=critical; B | phone: A; desk: A
        11:00:00 |                        | archive: A, B; desk: B
        """,
    ),
}


def inhibiting(**changes: Any) -> Inhibition:
    given = {"source": ["kind=first"], "target": ["kind=watch"], "equal": ["tag"], "lasts": "2h", **changes}
    return msgspec.convert(given, Inhibition)


INHIBITED = """
10:00:00 | B tag=mali                | desk: B
10:10:00 | A kind=first tag=mali+chad | desk: A
10:20:00 | C tag=mali; D tag=togo    | desk: D
10:30:00 | B again                   |
12:09:59 | E tag=chad                |
12:10:00 | F tag=chad; B again       | desk: F; desk: B
"""

HELD_ROUTES: list[dict[str, Any]] = [
    {
        "receivers": ["desk"],
        "group_by": ["story"],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "1h",
        "cooldown": "2m",
    },
    {"receivers": ["late"], "quiet_hours": [{"from": "09:00", "to": "10:20"}]},
    {"receivers": ["digest"], "digest": "hourly"},
]

HELD = """
10:00:00 | A story=x; B story=y rule=z |
10:00:10 | C story=x rule=c            |
10:00:30 |                             | desk: A, C; desk: B
10:01:00 | A again; D rule=c           |
10:02:30 |                             | desk: D
10:05:30 |                             | desk: A
10:06:00 | Ada acknowledges B          |
10:20:00 |                             | late: A; late: B; late: C; late: D
10:21:00 | D again                     | late: D
10:21:30 |                             | desk: D
11:00:00 |                             | digest: A, B, C, D
11:00:30 |                             | desk: C
11:05:30 |                             | desk: A
11:21:30 |                             | desk: D
"""

BEFORE_RELOAD: list[dict[str, Any]] = [
    {"receivers": ["desk"], "group_by": ["story"], "group_wait": "30s", "repeat_interval": "1h"},
    {"receivers": ["many"], "digest_count": 4},
    {"receivers": ["some"], "digest_count": 4},
]
AFTER_RELOAD: list[dict[str, Any]] = [
    {"receivers": ["desk"], "group_by": ["story"], "group_wait": "2m"},
    {"receivers": ["many"], "digest_count": 2},
    {"receivers": ["some", "phone"]},
]
RELOADED_AT = "10:01:10"
RELOADED = """
10:00:00 | A story=x |
10:00:30 |           | desk: A
10:01:00 | B story=y |
10:01:10 |           | many: A, B; some: A, B
10:01:30 |           | desk: B
10:02:00 | C story=z | some: C; phone: C
10:03:00 | D story=w | many: C, D; some: D; phone: D
10:04:00 |           | desk: C
10:05:00 |           | desk: D
12:00:00 |           |
"""

"""How long clients wait for a broker: one that hangs with its connections open is noticed by nothing else.

A request that was not answered in time is sent again, to whoever leads by then: nothing is lost by it, and nothing
written twice, since the broker knows by their numbers the records that it has. aiokafka's own limit is 40 s, and work
that meets the broker again and again waits for as many of them.
"""

from __future__ import annotations

REBALANCE_LIMIT_MS = 6_000
"""How long the members of a group wait for those that have not joined again. A first member's wait for others,
`group.initial.rebalance.delay.ms`, ends with it too."""

ANSWER_LIMIT_MS = 8_000
"""How long a client waits for one answer. The slowest by design is that to a member that joins its group, after the
rebalance limit at the latest: two seconds are left for the way and a busy machine."""

FETCH_LIMIT_BYTES = 10 * 1024 * 1024
"""In one answer: ten megabits a second bring that much in time, as they bring aiokafka's 50 MB in its 40 s."""

TRANSACTION_TIMEOUT_MS = 10_000
"""How long a transaction of a dead process blocks readers, unless its successor fences it sooner."""

TRANSACTION_ANSWER_LIMIT_MS = 4_000
"""How long a transaction waits for one answer. Two fit into its own limit, after which it is aborted: that of a
coordinator that hangs, and that of the same broker asked who coordinates now."""

PATIENT_LIMIT_MS = 30_000
"""How long a command waits for one answer, as to have all topics created on a slow disk: no work waits for it."""

FIRST_ANSWER_SECONDS = 5.0
"""How long all brokers are asked at once which of them answers, before any is tried."""

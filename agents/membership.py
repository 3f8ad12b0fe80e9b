"""Which process holds a static member id: the one that joined the group with it last.

aiokafka's heartbeats do not carry the id, so a process that was paused and replaced would rejoin and evict its
successor. It checks first, and exits if it was replaced.
"""

from __future__ import annotations

from firstwire.broker.admin import open_admin
from firstwire.broker.limits import ANSWER_LIMIT_MS
from firstwire.errors import TransientError


async def holder_of(bootstrap_servers: str, group: str, instance: str) -> str | None:
    """The member id that holds a static id in a group; None if there is none or the broker cannot be reached.

    Every process that joins with the static id gets a new member id from Kafka: `instance-uuid`.
    """
    try:
        async with open_admin(bootstrap_servers, "cannot ask for members", answer_limit_ms=ANSWER_LIMIT_MS) as admin:
            described = await admin.describe_consumer_groups([group])
    except TransientError:
        return None
    members = (member for response in described for group_of in response.groups for member in group_of[5])
    return next((member_id for member_id, *_ in members if member_id.startswith(f"{instance}-")), None)

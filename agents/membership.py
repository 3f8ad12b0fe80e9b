"""Who holds our place in the group: a static member id belongs to the process that joined with it last.

aiokafka's heartbeats do not carry the id, so that a process that was paused and replaced would join again and push its
successor out. It looks first, and leaves if its place is taken.
"""

from __future__ import annotations

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed


async def holder_of(bootstrap_servers: str, group: str, instance: str) -> str | None:
    """The member id that holds a static id in a group; None if nobody does, or the broker cannot be asked.

    Every process that joins with the static id gets a member id of its own, which Kafka makes of it: `instance-uuid`.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        described = await admin.describe_consumer_groups([group])
    except KafkaError:
        return None
    finally:
        await closed(admin.close())
    members = (member for response in described for group_of in response.groups for member in group_of[5])
    return next((member_id for member_id, *_ in members if member_id.startswith(f"{instance}-")), None)

"""The poller: feeds to articles. It fetches politely, trusts no input, and remembers only what Kafka has acknowledged.

Its entry point is `firstwire.poller.service.poll`. Nothing is imported here: without the entry point's libraries the
parser's worker processes start in a third of the time and with half the memory.
"""

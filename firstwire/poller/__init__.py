"""The poller: feeds to articles. It fetches politely, trusts nothing it reads, and remembers only what Kafka has.

Its door is `firstwire.poller.service.poll`. Nothing is imported here: the parser's worker processes start in a third of
the time and with half the memory without the door's libraries.
"""

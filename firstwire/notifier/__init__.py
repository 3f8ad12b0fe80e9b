"""Delivers alerts to people: who is notified and in which words, each of them once.

Its entry point is `firstwire.notifier.service.notify`. Nothing is imported here: commands that show an alert need its
words alone.
"""

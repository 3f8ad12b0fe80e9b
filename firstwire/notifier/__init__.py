"""Delivers alerts to people: who is notified and in which words, each of them once."""

from firstwire.notifier.service import notify

__all__ = ["notify"]

"""Alerts to people: who is told, in which words, and that each is told once."""

from firstwire.notifier.service import notify

__all__ = ["notify"]

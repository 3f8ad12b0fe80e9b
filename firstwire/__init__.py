"""Firstwire: reads news feeds and alerts people, with evidence, when something they care about happens."""

__version__ = "0.1.0"

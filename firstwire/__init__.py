"""Firstwire: reads news feeds and tells people, with proof, that something they care about has happened."""

__version__ = "0.1.0"

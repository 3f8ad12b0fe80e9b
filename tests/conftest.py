"""What all tests share: properties have no deadline (machines are shared and slow), and say how to repeat a failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("firstwire", deadline=None, print_blob=True)
settings.load_profile("firstwire")

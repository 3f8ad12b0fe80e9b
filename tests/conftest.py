"""What all tests share: properties have no deadline (machines are shared and slow), and say how to repeat a failure."""

from __future__ import annotations

import gc
import signal

from hypothesis import settings

settings.register_profile("firstwire", deadline=None, print_blob=True)
settings.load_profile("firstwire")


def pytest_configure() -> None:
    """Heed Ctrl-C. In the background a shell starts processes that ignore it, and so would their children here."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Modules and knowledge that are loaded by now stay: the collector need not walk through them again and again.

    It took a tenth of the unit tests' time, with these settings it takes a fiftieth.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

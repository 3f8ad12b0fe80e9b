"""Memory of large bodies goes back to the system as soon as they are done with."""

from __future__ import annotations

import ctypes
import sys

M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
"""Parameters of mallopt(3) in glibc's malloc.h."""

THRESHOLD_BYTES = 256 * 1024


def return_large_blocks() -> None:
    """Let this process take large blocks from the system one by one, so that none is kept after it was freed.

    glibc raises its threshold to the largest block it has seen, up to 32 MB, and then keeps such blocks in heaps of
    every thread: beside hostile feeds a poller had 200 MB of nothing. Does nothing where there is no glibc.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, THRESHOLD_BYTES)
        mallopt(M_ARENA_MAX, 1)

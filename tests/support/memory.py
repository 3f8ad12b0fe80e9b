"""What this process takes of memory."""

from __future__ import annotations

import resource
from pathlib import Path


def resident_bytes() -> int:
    """What lies in memory now (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def peak_bytes() -> int:
    """The most that lay in memory (Linux). Unlike `ru_maxrss` it leaves out the process that started this one."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024

"""What this process takes of memory."""

from __future__ import annotations

import resource
from pathlib import Path


def resident_bytes() -> int:
    """What lies in memory now (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()

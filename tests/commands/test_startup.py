"""Commands that only read start fast: what takes long to load is loaded by those that need it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.shared_data import ROOT

SLOW = ("aiohttp", "spacy", "lemminflect", "feedparser", "faust", "onnxruntime", "babel")
"""Each takes a tenth of a second or more."""

READ = {
    "any": "firstwire.commands.cli",
    "explain ALERT": "firstwire.explain.trail, firstwire.notifier.rendering",
    "deliveries list": "firstwire.commands.deliveries_text, firstwire.notifier.delivery_log",
    "rules list": "firstwire.rules.releases, firstwire.commands.rules_table",
    "stories": "firstwire.commands.active_stories, firstwire.commands.json_lists",
    "alerts show": "firstwire.commands.alerts_text, firstwire.index.reading",
}


@pytest.mark.parametrize("modules", READ.values(), ids=READ)
def test_what_only_reads_loads_nothing_slow(modules: str) -> None:
    code = f"import sys, firstwire.commands.cli, {modules}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert [each for each in SLOW if each in done.stdout.decode().split()] == []

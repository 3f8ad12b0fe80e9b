"""CONTRIBUTING.md: every path in it is there, and its recipes are walked through in a copy of the repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = dict(
    section.split("\n", 1) for section in re.split(r"^### ", PAGE.split("## Recipes\n")[1], flags=re.MULTILINE)[1:]
)
PATH = re.compile(r"`((?:[\w.-]+/)+(?:[\w.-]+)?|[\w-]+\.(?:md|toml|yml|yaml))`(?P<new> \(\*new\*)?")

COPIED = (
    *("agents", "docs", "firstwire", "schemas", "seeds", "tests"),
    *("CHANGELOG.md", "README.md", "docker-compose.yml", "firstwire.toml", "pyproject.toml"),
)

ACTION = """ACTIONS: tuple[Action, ...] = (
    Action(
        name="blockade",
        phrase="{actor} blockades {target}",
        examples=(Example("Kenya imposes a naval blockade on Iran", ("kenya",), ("iran",)),),
    ),
"""
FRAME = """
  - {act: blockade, verb: impose, noun: blockade, target: [noun on, noun of],
     example: Kenya imposes a naval blockade on Iran, reads: kenya blockade iran}"""
NOUN = """
  - {word: blockade, class: blockade, example: Kenya imposes a naval blockade on Iran, reads: kenya blockade iran}"""
COMMAND = '''"""`firstwire weather`."""

from __future__ import annotations

import click


@click.command()
def weather() -> None:
    """Say what the weather is like."""
    click.echo("fine")
'''
RECEIVER = '''"""Pagers: one line an alert."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import parts_of
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, result_of
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt


@dataclass(frozen=True)
class PagerReceiver:
    url: str = field(repr=False)
    view: View = IN_UTC
    pace: Pace = UNLIMITED
    gathers: bool = True

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        headline = parts_of(alert, receipt, told, self.view).headline
        return Request(self.url, headline.encode(), {"Content-Type": "text/plain"})

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        return Request(self.url, alerts.title.encode(), {"Content-Type": "text/plain"})

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        return Request(self.url, notice.headline.encode(), {"Content-Type": "text/plain"})

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        return ReplyVerdict("delivered" if reply.status == 200 else "retry", result_of(reply, self.url))


TYPE = ReceiverType("pager", lambda section, url, view: PagerReceiver(url, view))
'''
FORMAT = '''"""Gopher menus: a line an entry, its type, its title and where it is, between tabs."""

from __future__ import annotations

from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.plaintext import plain_line


def read_gopher_feed(body: bytes) -> FeedDocument:
    lines = [line[1:].split("\t") for line in body.decode().splitlines()]
    entries = tuple(FeedEntry(title=plain_line(title), guid=guid) for title, guid, *_ in lines)
    return FeedDocument(entries=entries)
'''
RULE = """
  - id: blockades
    action: blockade
    examples:
      match: [Kenya imposes a naval blockade on Ruritania]
      no_match: [Kenya may impose a naval blockade on Ruritania]
"""

WALK = """
import json
import sys
from click.testing import CliRunner
from firstwire import config
from firstwire.commands.cli import cli
from firstwire.core.alerts.headlines import PHRASES
from firstwire.core.events.detection import detect_events
from firstwire.notifier.receiver_types import receivers_from
from firstwire.poller.feed_reader import read_document
from schemas.article import ArticleText
from schemas.generate import FOLDER, stale, write
from tests.support.alerts import first_alert, receipt
from tests.unit.project import test_docs as docs, test_receivers_page as receivers_page
from tests.unit.rules import test_shipped_rules as shipped

NOON = "2025-07-03T12:00:00.000Z"

def says(check, *arguments):
    try:
        check(*arguments)
    except AssertionError as error:
        return str(error) or "fails"
    return ""

def read(title, language):
    article = ArticleText(article_id="1", title=title, language=language, published_at=NOON, fetched_at=NOON)
    of = shipped.KNOWLEDGE
    return [
        [event.action, event.actors[0].id, event.targets[0].id]
        for event in detect_events(article, of.gazetteer, of.reading).events
    ]

shipped.test_every_rule_has_examples_of_both_kinds_and_they_hold()
(pager,) = receivers_from((config.ReceiverSettings(name="p", type="pager", url="https://pager.example/1"),)).values()
feed = b"1Rain\\t/rain\\tgopher.example\\t70\\n"
found = {
    "action": read("Kenya imposes a naval blockade on Ruritania", "en"),
    "language": read("Kenia erkennt Kosovo an", "sv"),
    "phrase": PHRASES["blockade"],
    "help": CliRunner().invoke(cli, ["--help"]).output,
    "spoken": CliRunner().invoke(cli, ["weather"]).output,
    "settings": CliRunner().invoke(cli, ["config"], env={"FIRSTWIRE_WORKER_UMBRELLA": "open"}).output,
    "paged": pager.request(first_alert(), receipt(), "k", docs.NOW, plain=False).body.decode(),
    "entries": [entry.title for entry in read_document(feed, url="", content_type="", entry_limit=9).entries],
}

def unwritten():
    shipped.PAGE = docs.text_of("rules.md")
    receivers_page.PAGE = docs.text_of("receivers.md")
    return {
        "events.md": says(docs.test_events_page_has_every_action_field_status_and_language),
        "rules.md": says(docs.test_rules_page_names_every_action),
        "setting": says(docs.test_configuration_page_has_every_setting_with_its_default),
        "command": says(docs.test_operations_names_every_command, "firstwire weather"),
        "receiver": says(receivers_page.test_every_type_has_an_example_and_a_row),
        "rule": says(shipped.test_the_rules_page_lists_every_shipped_rule_and_no_other),
        "schemas": " ".join(stale(FOLDER)),
    }

before = unwritten()
for name, old, new in json.load(sys.stdin):
    page = docs.DOCS / name
    text = page.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r} any more, beside which the walk writes: choose another place in WRITTEN"
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
write(FOLDER)
print(json.dumps({**found, "before": before, "after": unwritten()}))
"""
WRITTEN = [
    ("events.md", "| `delist_terror` |", '| `blockade` | "Kenya blockades Iran" |\n| `delist_terror` |'),
    ("events.md", "| `claims_first` |", "| `mood` | of the author |\n| `claims_first` |"),
    ("events.md", "Italian, German", "Italian, Swedish, German"),
    ("rules.md", "`delist_terror`,", "`delist_terror`, `blockade`,"),
    ("rules.md", "| `sanctions` | shadow |", "| `blockades` | live | `info` | |\n| `sanctions` | shadow |"),
    ("configuration.md", "| `worker.id` |", '| `worker.umbrella` | `"shut"` | or open |\n| `worker.id` |'),
    ("receivers.md", "| `ntfy` |", "| `pager` | a beep | one beep | beeps |\n| `ntfy` |"),
    ("receivers.md", "## ntfy\n", '## Pager\n\n```toml\n[[receivers]]\nname = "p"\ntype = "pager"\n```\n\n## ntfy\n'),
    ("operations.md", "| `firstwire setup` |", "| `firstwire weather` | fine | |\n| `firstwire setup` |"),
]
"""What the recipes say is to be written in the docs: page, what stands there, what shall."""


def paths_of(text: str) -> list[tuple[str, bool]]:
    """Every path that a text names, and whether it is one to be made."""
    return [(match[1], match["new"] is not None) for match in PATH.finditer(text)]


@pytest.mark.parametrize(("path", "is_new"), sorted(set(paths_of(PAGE))), ids=str)
def test_every_path_is_there_and_every_new_one_is_not(path: str, is_new: bool) -> None:
    assert (ROOT / path).exists() is not is_new
    assert (ROOT / path).parent.is_dir()


def test_every_recipe_names_code_and_tests_and_docs() -> None:
    assert len(RECIPES) == 13
    for name, recipe in RECIPES.items():
        paths = [path for path, _ in paths_of(recipe)]
        assert any(path.startswith(("firstwire/", "schemas/", "seeds/")) for path in paths), name
        assert any(path.startswith("tests/") for path in paths), name
        assert any(path.startswith("docs/") for path in paths), name


def test_every_room_has_its_line() -> None:
    rooms = set(re.findall(r"^\| `([a-z/]+/)` \|", PAGE, re.MULTILINE))
    packages = {f"firstwire/{folder.parent.name}/" for folder in (ROOT / "firstwire").glob("*/__init__.py")}
    assert rooms == packages | {"schemas/", "agents/", "seeds/", "deploy/", "tests/", "docs/"}


def test_names_in_a_recipe_stand_in_the_files_of_their_line() -> None:
    """Names in backquotes that look like ours: constants, classes, functions, what is private."""
    checked, missing = 0, []
    for line in re.findall(r"^- (.*(?:\n  .*)*)", "\n".join(RECIPES.values()), re.MULTILINE):
        files = [ROOT / path for path, _ in paths_of(line) if (ROOT / path).is_file()]
        if not files or any(is_new for _, is_new in paths_of(line)[:1]):
            continue
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        names = re.findall(r"`(_?[A-Z][A-Z_]{2,}|_[a-z_]+|[A-Z][a-z]+[A-Za-z]*|[a-z]+_[a-z_]+)`", line)
        checked += len(names)
        missing += [f"{files[0].relative_to(ROOT)}: {name}" for name in names if name not in text]
    assert missing == []
    assert checked > 30


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with one more of everything that has a recipe, in code and data: the docs say nothing of it."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        if (ROOT / name).is_dir():
            # With what is compiled, but not what another process is compiling now
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy(ROOT / name, folder / name)
    house = folder / "firstwire"
    change(house / "core/events/actions.py", "ACTIONS: tuple[Action, ...] = (\n", ACTION)
    change(house / "core/events/triggers.py", '    *("recogni", ', '"blockade", ', keep=True)
    lexicon = folder / "seeds/lexicon/en.yaml"
    change(lexicon, "\nframes:", FRAME, keep=True)
    change(lexicon, "\nnouns:", NOUN, keep=True)
    shutil.copy(folder / "seeds/lexicon/de.tsv", folder / "seeds/lexicon/sv.tsv")
    (house / "notifier/receivers/pager.py").write_text(RECEIVER, encoding="utf-8")
    (house / "poller/gopher_feed.py").write_text(FORMAT, encoding="utf-8")
    reader = house / "poller/feed_reader.py"
    change(reader, "import decoded\n", "from firstwire.poller.gopher_feed import read_gopher_feed\n", keep=True)
    choice = '    if body.startswith(b"1"):\n        return read_gopher_feed(body)\n'
    change(reader, '        return UnreadableFeed("the answer is empty")\n', choice, keep=True)
    change(house / "config.py", '    id: Name = "worker-0"\n', '    umbrella: str = "shut"\n', keep=True)
    (house / "commands/weather.py").write_text(COMMAND, encoding="utf-8")
    cli = house / "commands/cli.py"
    imported = "from firstwire.commands.topics import topics\n"
    change(cli, imported, "from firstwire.commands.weather import weather\n", keep=True)
    change(cli, "        feeds: ", '        weather: "Tell the weather.",\n        feeds: ')
    change(folder / "schemas/event.py", "    claims_first: bool = False\n", '    mood: str = ""\n', keep=True)
    change(
        folder / "seeds/entities.yaml",
        "\nnations:\n",
        "  ruritania: {demonyms: Ruritanian, capitals: Strelsau}\n",
        keep=True,
    )
    rules = folder / "seeds/rules/sanctions.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    return folder


def change(file: Path, old: str, new: str, *, keep: bool = False) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} has not exactly one {old!r}, beside which the walk writes"
    file.write_text(text.replace(old, old + new if keep else new), encoding="utf-8")


def walked(folder: Path) -> dict[str, Any]:
    """What a process finds in the copy before and after the docs are written."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTWIRE_")}
    done = subprocess.run(
        [sys.executable, "-c", WALK],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(folder)},
        input=json.dumps(WRITTEN),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_recipes_followed_in_code_work_and_what_docs_lack_is_named_until_it_is_written(copy: Path) -> None:
    found = walked(copy)
    assert found["action"] == [["blockade", "kenya", "ruritania"]]
    assert found["language"] == [["recognize", "kenya", "kosovo"]]
    assert found["phrase"] == "{actor} blockades {target}"
    assert "weather" in found["help"]
    assert found["spoken"] == "fine\n"
    assert "worker.umbrella = open  (FIRSTWIRE_WORKER_UMBRELLA)" in found["settings"]
    assert found["paged"] == "Russia recognizes the Taliban government"
    assert found["entries"] == ["Rain"]
    assert [name for name, says in found["before"].items() if not says] == []
    for name in ("blockade", "mood", "Swedish"):
        assert name in found["before"]["events.md"]
    assert found["before"]["schemas"] == "event.json"
    assert [name for name, says in found["after"].items() if says] == []

"""`python -m tests.browser.receiver_pictures`: writes the pictures of docs/receivers.md from the messages themselves.

Blocks of Slack are laid out by this script in the way of Slack; e-mails are shown with their own HTML.
"""

from __future__ import annotations

import asyncio
import html
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from tests.support.chromium import open_browser
from tests.support.shared_data import ROOT
from tests.support.told_messages import mails, story_requests

IMAGES = ROOT / "docs" / "images"
WIDTH = 720

STYLE = """
body { margin: 0; padding: 16px 20px; font: 15px/1.46 "Lato", "DejaVu Sans", sans-serif; color: #1d1c1d }
.message { display: flex; gap: 10px; margin: 0 0 18px }
.face { flex: none; width: 36px; height: 36px; border-radius: 5px; background: #1264a3; color: #fff; font-weight: 700;
  text-align: center; line-height: 36px }
.name { font-weight: 700 } .name small { font-weight: 400; color: #616061; margin-left: 6px }
.header { font-size: 18px; font-weight: 700; margin: 4px 0 }
.section { margin: 5px 0 } .context { font-size: 12.5px; color: #616061; margin: 4px 0 }
.thread { margin-left: 22px; padding-left: 22px; border-left: 2px solid #ddd }
a { color: #1264a3 }
.mail { border: 1px solid #ccc; border-radius: 6px; margin: 0 0 14px; padding: 8px 16px }
.mail dl { display: grid; grid-template-columns: auto 1fr; gap: 0 10px; margin: 0 0 6px; font-size: 13px; color: #555 }
.mail dd { margin: 0 } .mail h2 { font-size: 18px; margin: 8px 0 } .mail p, .mail blockquote { margin: 7px 0 }
.mail blockquote { border-left: 3px solid #ccc; padding-left: 10px }
pre { font: 13px/1.4 "DejaVu Sans Mono", monospace; margin: 0; white-space: pre-wrap }
"""


def mrkdwn(text: str) -> str:
    """Slack's markup as HTML; what Slack escapes is escaped already."""
    text = re.sub(r"<(https?://[^|>]+)\|([^>]+)>", r'<a href="\1">\2</a>', text)
    text = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<b>\1</b>", text)
    return text.replace("\n", "<br>")


def slack_message(message: dict[str, Any], note: str) -> str:
    """A message as it stands in a channel."""
    parts = []
    for block in message["blocks"]:
        if block["type"] == "header":
            parts.append(f'<div class="header">{block["text"]["text"]}</div>')
        elif block["type"] == "section":
            parts.append(f'<div class="section">{mrkdwn(block["text"]["text"])}</div>')
        else:
            parts += [f'<div class="context">{mrkdwn(each["text"])}</div>' for each in block["elements"]]
    name = f'<div class="name">firstwire<small>{note}</small></div>'
    return f'<div class="message"><div class="face">F</div><div>{name}{"".join(parts)}</div></div>'


def slack_page(folder: Path) -> str:
    bodies = [orjson.loads(request.body) for request in story_requests("slack", folder)]
    return "".join(slack_message(each, f"{16 + hour}:02") for hour, each in enumerate(bodies))


def bot_page(folder: Path) -> str:
    """The channel in the end: the first message as it was edited last, below it the thread."""
    calls = [(each.url.rpartition("/")[2], orjson.loads(each.body)) for each in story_requests("slack_bot", folder)]
    first = [body for method, body in calls if method == "chat.update"][-1]
    replies = [body for method, body in calls if method == "chat.postMessage"][1:]
    thread = "".join(
        slack_message(each, f"{17 + hour}:02{', also sent to the channel' if each['reply_broadcast'] else ''}")
        for hour, each in enumerate(replies)
    )
    return f'{slack_message(first, "16:02 (edited)")}<div class="thread">{thread}</div>'


def mail_page(folder: Path) -> str:
    def shown() -> Iterator[str]:
        for mail in mails(folder):
            page = mail.get_body(("html",))
            assert page is not None, "every message has a page"
            body = re.sub(r"(?s)^.*<body>|</body>.*$", "", page.get_content())
            names = ("Subject", "From", "To", "In-Reply-To")
            heads = "".join(f"<dt>{name}</dt><dd>{html.escape(mail[name])}</dd>" for name in names if mail[name])
            yield f'<div class="mail"><dl>{heads}</dl>{body}</div>'

    return "".join(shown())


PAGES = {"slack": slack_page, "slack-bot": bot_page, "email": mail_page}


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_browser() as browser:
            page = await browser.page()
            await page.look_like(width=WIDTH, height=300)
            for name, made in PAGES.items():
                file = Path(folder) / f"{name}.html"
                body = made(Path(folder))
                file.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}", encoding="utf-8")
                await page.open(file.as_uri())
                target = IMAGES / f"receiver-{name}.png"
                target.write_bytes(await page.picture())
                print(target)


if __name__ == "__main__":
    asyncio.run(main())

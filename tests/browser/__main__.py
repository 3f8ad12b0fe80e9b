"""Writes the pictures of docs/console.md: the demonstration's data, light and dark, on a desk and on a phone."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.support.chromium import open_browser
from tests.support.console import demo_replay, serving_demo
from tests.support.shared_data import ROOT

IMAGES = ROOT / "docs" / "images"


async def main() -> None:
    alert = next(one for one in demo_replay().alerts.values() if one.kind == "first")
    pictures = {
        "console-alert-light": (f"/alerts/{alert.alert_id}", 960, 1000, False),
        "console-now-dark": ("/?shadow=yes", 960, 620, True),
        "console-search-phone-dark": ("/search?q=taliban", 360, 780, True),
    }
    with tempfile.TemporaryDirectory() as folder:
        async with serving_demo(Path(folder)) as console, open_browser() as browser:
            page = await browser.page()
            for name, (address, width, height, dark) in pictures.items():
                await page.look_like(width=width, height=height, dark=dark)
                await page.open(console.url + address)
                (IMAGES / f"{name}.png").write_bytes(await page.picture(whole=False))
                print(IMAGES / f"{name}.png")


asyncio.run(main())

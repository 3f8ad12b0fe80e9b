"""What is wrong with pages in a browser: roles, names, contrast, width, refused scripts, requests elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.chromium import Page
from tests.support.shared_data import ROOT

CHECK = (ROOT / "tests" / "support" / "page_check.js").read_text(encoding="utf-8")


async def complaints_of(page: Page, url: str, addresses: Sequence[str]) -> dict[str, list[str]]:
    """By address; empty if every page is as it should be."""
    complaints: dict[str, list[str]] = {}
    for address in addresses:
        page.complaints.clear()
        page.requests.clear()
        await page.open(url + address)
        found: list[str] = await page.run(CHECK)
        found += [each for each in page.complaints if "status of 404" not in each]
        found += [f"asks for {each}" for each in page.requests if not each.startswith((url, "data:"))]
        if found:
            complaints[address] = found
    return complaints

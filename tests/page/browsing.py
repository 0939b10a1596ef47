"""What tests in a real browser share: how it is started, and how they wait for the page."""

import shutil

from playwright.sync_api import Page
from virtual_desktop import eventually, needs

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")

SESSION = "#now:not([hidden])"


def browser_path() -> str:
    """Return the path of Chromium, without its windows if possible: so it takes little more than half the time."""
    found = filter(None, map(shutil.which, _BROWSERS))
    return next(found, None) or needs("chromium", "chromium-headless-shell")


def becomes(page: Page, condition: str) -> None:
    """Wait until `condition` holds in the page; Playwright's own way is refused by its content security policy."""
    eventually(lambda: page.evaluate(condition), 10)

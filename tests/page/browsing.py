"""What tests in a real browser share: how it is started, and how they wait for the page."""

from playwright.sync_api import Page
from virtual_desktop import eventually

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

SESSION = "#now:not([hidden])"


def becomes(page: Page, condition: str) -> None:
    """Wait until `condition` holds in the page; Playwright's own way is refused by its content security policy."""
    eventually(lambda: page.evaluate(condition), 10)

"""One real browser for all tests here; each test has a server, a home and a browser profile of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import FLAGS, SESSION, browser_path
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from served import Served
from visitor import Visitor

LISTEN = """
globalThis.seen = { tones: [], said: [], locks: 0 };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { seen.tones.push(this.frequency.value); return start.call(this, at); };
navigator.wakeLock.request = async () => {
  seen.locks += 1;
  return seen.lock = { released: false, release() { this.released = true; } };
};
"""
"""Notes what the page plays and asks for."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this computer."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The server at noon, by a person who has read the safety text."""
    monkeypatch.setattr("remind.page.server._LOOK_S", 0.02)
    one = Served(tmp_path)
    one.passed_safety()
    yield one
    one.stop()


@pytest.fixture
def visitor(served: Served) -> Visitor:
    """The browser that was given the address, as far as HTTP goes."""
    return Visitor.let_in(served)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile that was never used before."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    context.add_init_script(LISTEN)
    yield context
    context.close()


@pytest.fixture
def opened(context: BrowserContext, served: Served) -> Callable[..., Page]:
    """Opens the one-time address of a path in a new tab."""

    def open_(path: str = "/stretch?routine=mine") -> Page:
        page = context.new_page()
        page.goto(served.address(path))
        return page

    return open_


@pytest.fixture
def session(opened: Callable[..., Page]) -> Page:
    """A session of the short routine that has just begun."""
    page = opened()
    page.click("#start")
    page.wait_for_selector(SESSION)
    return page

"""Relief for a cramp that is there now, in a real browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from browsing import becomes
from playwright.sync_api import Page, expect
from served import Served
from virtual_desktop import eventually
from visitor import Visitor

from remind.core.diary import Cramp
from remind.core.relief import ADVICE
from remind.lock import session_running
from remind.page.server import GRACE_S

Open = Callable[..., Page]


@pytest.fixture
def page(opened: Open) -> Page:
    page = opened("/cramp")
    eventually(lambda: page.evaluate("document.body.dataset.lost") is None)
    return page


def test_relief_is_there_at_once(served: Served, page: Page) -> None:
    """The first words and the one large button, without a click before them and without scrolling."""
    assert page.inner_text("#read") == "Pull toes up"
    assert session_running(served.folders.session_lock, served.app.now()), "a reminder would interrupt it"
    for width, height in ((320, 568), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        for selector in ("#hear", "#count", "#eased"):
            expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    served.tabs(1)
    served.pass_s(31)
    expect(page.locator("#read")).to_have_text("Ease off")
    page.keyboard.press(" ")
    expect(page.locator("#read")).to_have_text("Rub it")


def test_it_goes_round_until_it_has_eased_and_advises_help(served: Served, page: Page) -> None:
    """After ten minutes the advice to get help is there; the steps go on."""
    served.tabs(1)
    served.pass_s(598)
    assert page.locator("#advice").is_hidden()
    served.pass_s(4)
    expect(page.locator("#advice")).to_have_text(ADVICE)
    expect(page.locator("#read")).to_have_text("Pull toes up")
    assert served.diary() == []


def test_a_cramp_that_has_eased_is_recorded_and_can_be_described(served: Served, page: Page) -> None:
    """It is recorded by one press; leg and severity are added by one more each, and replace what was said before."""
    served.tabs(1)
    served.pass_s(125)
    page.click("#eased")
    expect(page.locator("#recorded")).to_have_text("Recorded in your diary: a cramp of 2 min.")
    page.click("[data-leg=left]")
    page.click("[data-severity='6']")
    page.click("[data-leg=right]")
    expect(page.locator("[data-leg=right]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-severity='6']")).to_have_attribute("aria-pressed", "true")
    (entry,) = served.diary()
    assert isinstance(entry, Cramp)
    assert (entry.minutes, entry.leg, entry.severity) == (2, "right", 6)


def test_a_page_that_was_closed_records_nothing(served: Served, page: Page) -> None:
    """Whoever closes it may not have had a cramp; a reload before goes on where it was."""
    served.tabs(1)
    served.pass_s(40)
    page.reload()
    expect(page.locator("#read")).to_have_text("Pull toes up")
    served.tabs(1)
    assert served.site.relief._run is not None
    page.close()
    served.tabs(0)
    served.pass_s(GRACE_S)
    eventually(lambda: served.site.relief._run is None)
    assert served.diary() == []


def test_it_is_dark_and_silent_at_night(served: Served, opened: Open) -> None:
    """Whatever is chosen for the day; a press of the button lets it sound."""
    served.began += timedelta(hours=14)
    page = opened("/cramp")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.className") == "night"
    assert page.inner_text("#sound span") == "Sound: off"
    served.tabs(1)
    served.pass_s(31)
    expect(page.locator("#read")).to_have_text("Ease off")
    assert page.evaluate("seen.tones") == []
    page.click("#sound")
    assert page.inner_text("#sound span") == "Sound: both"
    served.pass_s(6)
    becomes(page, "seen.tones.length > 0")


def test_it_is_one_press_from_today_at_night(served: Served, opened: Open) -> None:
    """And today, with the cramp in it, is one press from its end; by day there is no such button."""
    today = opened("/today")
    assert today.locator("#relief").count() == 0
    served.began += timedelta(hours=15)
    today.reload()
    today.click("#relief")
    expect(today.locator("#read")).to_have_text("Pull toes up")
    becomes(today, "document.getElementById('eased').onclick !== null")
    today.click("#eased")
    today.click("text=Back to today")
    expect(today.locator("#night li")).to_contain_text("03:00, cramp, 1 min")


def test_it_begins_again_long_after_the_last_time(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs on until the page that was asked for has connected, however long the last one has been gone."""
    looks: list[None] = []
    monkeypatch.setattr(served.app, "share_written", lambda: looks.append(None))
    visitor = Visitor.let_in(served)
    visitor.reads("/cramp")
    tab = served.site.tabs.join("cramp")
    assert tab is not None
    served.do(lambda: served.site.tabs.leave(tab))
    served.pass_s(2 * GRACE_S)
    eventually(lambda: served.site.relief._run is None)
    visitor.reads("/cramp")
    seen = len(looks)
    eventually(lambda: len(looks) > seen + 1)
    assert served.site.relief._run is not None

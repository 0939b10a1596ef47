"""axe finds nothing on any page, in light and dark, from a narrow window to a wall of a screen."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import axe_playwright_python
import pytest
from browsing import SESSION
from playwright.sync_api import Page, expect
from served import Served
from virtual_desktop import eventually

from remind.core.diary import Cramp, Medicine, Note, QuietNight, Row, Stretch
from remind.store.diary import new_id

Open = Callable[..., Page]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = ((320, 640, "dark"), (1280, 720, "light"), (3840, 2160, "dark"))
"""Each with a colour scheme: no style sheet chooses one by the width, and axe takes most of this test's time."""
SMALLEST_TEXT = """() => {
    const worded = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const all = [...document.querySelectorAll("body *:not(svg *)")];
    const shown = all.filter(one => one.checkVisibility() && worded(one));
    return Math.min(...shown.map(one => parseFloat(getComputedStyle(one).fontSize)));
}"""
SMALLEST_TARGET = """() => {
    const shown = [...document.querySelectorAll("button, a.button")].filter(one => one.checkVisibility());
    return Math.min(...shown.map(one => one.getBoundingClientRect()).map(box => Math.min(box.width, box.height)));
}"""


def first(served: Served, opened: Open) -> Page:
    served.app.store.key_values.set("safety_passed", "")
    return opened("/stretch?routine=wall-calf-single")


def ready(_served: Served, opened: Open) -> Page:
    return opened("/stretch?routine=wall-calf-single")


def hold(served: Served, opened: Open) -> Page:
    page = opened()
    page.click("#start")
    page.wait_for_selector(SESSION)
    served.pass_s(12)
    expect(page.locator("#label")).to_have_text("Hold 1 of 2")
    return page


def rest(served: Served, opened: Open) -> Page:
    page = hold(served, opened)
    served.pass_s(20)
    expect(page.locator("#label")).to_have_text("Change")
    return page


def paused(served: Served, opened: Open) -> Page:
    page = hold(served, opened)
    page.keyboard.press("?")
    expect(page.locator("#help-text")).to_be_visible()
    return page


def done(served: Served, opened: Open) -> Page:
    page = hold(served, opened)
    page.keyboard.press("q")
    page.wait_for_selector("#done:not([hidden])")
    return page


def cramp(served: Served, opened: Open) -> Page:
    page = opened("/cramp")
    served.tabs(1)
    served.pass_s(601)
    expect(page.locator("#advice")).to_be_visible()
    return page


def eased(served: Served, opened: Open) -> Page:
    page = cramp(served, opened)
    page.click("#eased")
    page.click("[data-leg=left]")
    expect(page.locator("[data-leg=left]")).to_have_attribute("aria-pressed", "true")
    return page


def message(_served: Served, opened: Open) -> Page:
    return opened("/stretch?routine=none")


def night(served: Served, opened: Open) -> Page:
    page = opened("/today")
    page.click("#cramp summary")
    page.click("#cramp .primary")
    expect(page.locator("#cramp-clock-fault")).to_be_visible()
    return page


def today(served: Served, opened: Open) -> Page:
    fill(served)
    served.folders.settings.write_text('[water]\ntarget = "1 L"\n[day]\nbedtime = "25:00"\n')
    page = opened("/today")
    page.click("#glass")
    expect(page.locator("#said")).to_be_visible()
    return page


def empty(_served: Served, opened: Open) -> Page:
    return opened("/diary")


def diary(served: Served, opened: Open) -> Page:
    entry = fill(served)
    return opened(f"/diary?edit={entry}")


def report(served: Served, opened: Open) -> Page:
    fill(served)
    return opened("/report")


def settings(served: Served, opened: Open) -> Page:
    served.folders.settings.write_text('[reminder.tea]\ntitle = "Tea"\nat = ["16:00"]\n[day.on.fri]\nwake = "08:00"\n')
    page = opened("/settings")
    page.click("#add-own summary")
    page.click("#add-own .primary")
    expect(page.locator("#own-at-fault")).to_be_visible()
    return page


def setup(_served: Served, opened: Open) -> Page:
    page = opened("/setup")
    page.locator("#setup-limited label", has_text="No").click()
    page.fill("#setup-target", "8")
    page.click("[data-try=chime]")
    expect(page.locator("#setup-target-fault")).to_be_visible()
    return page


def phone(served: Served, opened: Open) -> Page:
    served.folders.settings.write_text('[phone]\nntfy = "https://ntfy.example.org/remind-k3j7-x9qa-bn4w-h2pt"\n')
    page = opened("/phone")
    page.click("#another summary")
    return page


def fill(served: Served) -> str:
    """Put a few nights of every kind into the diary; return the id of a cramp."""
    now, diary = served.app.now(), served.app.store.diary
    rows: list[Row] = []
    for days in range(1, 20):
        at = now - timedelta(days=days, hours=9)
        common = {"id": new_id(), "at": at, "written_at": at}
        if days % 3:
            rows.append(Cramp(severity=days % 11, leg="left", note="x" * 100, **common))
        elif days % 2:
            rows.append(QuietNight(night=at.date(), **common))
        if not days % 9:
            rows.append(Medicine(name="x" * 9 * days, since=at.date(), **{**common, "id": new_id(), "at": None}))
            rows.append(Note(note="y" * 100, **{**common, "id": new_id()}))
        rows.append(Stretch(routine="mine", planned_s=40, held_s=40, complete=True, **{**common, "id": new_id()}))
    began = now - timedelta(days=50)  # long enough ago for the last weeks to have a column of their own
    rows.append(QuietNight(id=new_id(), at=began, written_at=began, night=began.date()))
    served.do(lambda: [diary.add(row) for row in rows])
    return rows[0].id


STATES = (
    first, ready, hold, rest, paused, done, cramp, eased, message, night, today, empty, diary, report, settings, setup,
    phone,
)  # fmt: skip


@pytest.mark.parametrize(
    "state",
    STATES,
    ids=lambda state: state.__name__,
)
def test_axe_finds_nothing(served: Served, opened: Open, state: Callable[[Served, Open], Page]) -> None:
    """No finding, no text under 16 px, no target under 44 px, nothing to scroll sideways."""
    page = state(served, opened)
    page.evaluate(AXE)
    for width, height, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        eventually(lambda: page.evaluate("document.getAnimations().length") == 0, 5)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        nodes = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
        assert not nodes, f"{width} {scheme}: {json.dumps(nodes, indent=1)}"
        assert page.evaluate(SMALLEST_TEXT) >= 16
        assert page.evaluate(SMALLEST_TARGET) >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= width

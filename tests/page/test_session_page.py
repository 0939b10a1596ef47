"""The guided session in a real browser, with the server's clock moved by hand."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from browsing import SESSION, becomes
from playwright.sync_api import BrowserContext, Page, expect
from served import Served
from virtual_desktop import eventually

from remind.core.diary import Row, Stretch
from remind.lock import session_running
from remind.page.server import GRACE_S

Open = Callable[..., Page]


def text(page: Page, selector: str) -> str:
    return page.inner_text(selector).strip()


def test_a_whole_session(served: Served, session: Page) -> None:
    """Ready, left, change, right: words, digits, what comes next, sounds, voice, the end, and the diary."""
    expect(session.locator("#label")).to_have_text("Get ready")
    expect(session.locator("#count")).to_have_text(re.compile("^(10|[1-9])$"))
    expect(session.locator("#next")).to_have_text("Next: Lean in, left leg, 20 s")
    expect(session.locator("#whole")).to_have_text(re.compile("^(1 min 0|5[0-9]) s to go$"))
    served.pass_s(8)
    expect(session.locator("#label")).to_have_text("Get set")
    served.pass_s(2)
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    expect(session.locator("#read")).to_have_text("Lean in")
    expect(session.locator("#side")).to_have_text("Left leg")
    expect(session.locator("body")).to_have_attribute("data-kind", "hold")
    expect(session.locator("#behind-title")).to_have_text("From behind: left leg, the calf is stretched")
    served.pass_s(20)
    expect(session.locator("#read")).to_have_text("Swap legs")
    expect(session.locator("body")).to_have_attribute("data-kind", "swap")
    served.pass_s(10)
    expect(session.locator("#side")).to_have_text("Right leg")
    expect(session.locator("#next")).to_have_text("This is the last part")
    served.pass_s(20)
    expect(session.locator("#done-title")).to_have_text("Well done")
    assert text(session, "#recorded") == "Recorded in your diary: 40 s, as planned."
    assert text(session, "#coming") == "The next stretch is at 22:00."
    tones = session.evaluate("seen.tones")
    assert tones.count(880) == 6, "three ticks before each of two holds"
    assert tones[-3:] == [660, 830, 990], "another sound at the end"
    (entry,) = served.diary()
    assert isinstance(entry, Stretch)
    assert (entry.routine, entry.held_s, entry.complete) == ("mine", 40, True)


def test_the_voice_of_the_system_speaks_where_the_browser_has_none(served: Served, session: Page) -> None:
    """Each change is said once; how to do it with the first hold alone."""
    for place, seconds in enumerate((0, 10, 20, 10, 20)):
        served.pass_s(seconds)
        eventually(lambda: len(served.spoken) > place)  # noqa: B023 (asked before the next turn)
    assert served.spoken == [
        "Face the wall. 10 seconds. Hands on the wall.",
        "Lean in. Left leg. 20 seconds. Back heel down.",
        "Swap legs. Right leg. 10 seconds. Change to the other leg.",
        "Lean in. Right leg. 20 seconds.",
        "Well done.",
    ]


def test_the_browsers_own_voice_is_used_first(served: Served, context: BrowserContext, opened: Open) -> None:
    """A local voice of the page's language says the words; the server stays silent."""
    context.add_init_script("""
        speechSynthesis.getVoices = () => [{ localService: true, lang: "en-GB" }];
        globalThis.SpeechSynthesisUtterance = class { constructor(words) { this.text = words; } };
        speechSynthesis.speak = utterance => seen.said.push(utterance.text);
    """)
    page = opened()
    page.click("#start")
    page.wait_for_selector(SESSION)
    assert page.evaluate("seen.said") == ["Face the wall. 10 seconds. Hands on the wall."]
    assert served.spoken == []


def test_sound_can_be_chosen_and_is_remembered(served: Served, opened: Open) -> None:
    """Both, chime, voice, off: by the button and the key; what is off is not heard."""
    page = opened()
    names = [text(page, "#sound span")]
    for _ in range(3):
        page.keyboard.press("s")
        names.append(text(page, "#sound span"))
    assert names == ["Sound: both", "Sound: chime", "Sound: voice", "Sound: off"]
    eventually(lambda: served.folders.settings.read_text() == "[sound]\nvoice = false\nchime = false\n")
    page.reload()
    assert text(page, "#sound span") == "Sound: off"
    page.click("#start")
    page.wait_for_selector(SESSION)
    served.pass_s(15)
    expect(page.locator("#label")).to_have_text("Hold 1 of 2")
    assert page.evaluate("seen.tones") == []
    assert served.spoken == []


def test_keys_and_buttons_do_what_they_say(served: Served, session: Page) -> None:
    """Space pauses and goes on, n moves on, b goes back, q ends; the buttons do the same."""
    session.keyboard.press(" ")
    expect(session.locator("#label")).to_have_text("Paused")
    served.t += 300
    session.click("#toggle")
    expect(session.locator("#label")).to_have_text("Get ready")
    session.keyboard.press("n")
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    served.pass_s(5)
    session.keyboard.press("b")
    expect(session.locator("#count")).to_have_text(re.compile("^(20|1[0-9])$"))
    session.click("[data-press=next]")
    expect(session.locator("#read")).to_have_text("Swap legs")
    session.click("[data-press=back]")
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    session.keyboard.press(" ")
    expect(session.locator("#label")).to_have_text("Paused")
    session.keyboard.press(" ")
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    served.pass_s(6)
    session.keyboard.press("q")
    expect(session.locator("#done-title")).to_have_text("Stopped early")
    assert text(session, "#recorded") == "Recorded in your diary: 11 s of 40 s."
    assert [(entry.held_s, entry.complete) for entry in served.diary() if isinstance(entry, Stretch)] == [(11, False)]


def test_help_pauses_for_as_long_as_it_is_read(served: Served, session: Page) -> None:
    """`?` shows keys and cautions; a caution leads to its routine; afterwards the session goes on."""
    session.keyboard.press("?")
    expect(session.locator("#help-text")).to_be_visible()
    expect(session.locator("body")).to_have_attribute("data-state", "paused")
    assert session.locator("#help-text li a").get_attribute("href") == "/stretch?routine=trial-seated"
    assert text(session, "#help-text li code") == "nothing"
    session.keyboard.press("Escape")
    expect(session.locator("body")).to_have_attribute("data-state", "running")


def test_what_ended_before_the_first_hold_is_not_recorded(served: Served, session: Page) -> None:
    """Nothing was held, so nothing is recorded, and the page says so."""
    session.keyboard.press("q")
    expect(session.locator("#recorded")).to_have_text("Nothing was held, so nothing was recorded.")
    assert served.diary() == []


def test_a_session_can_be_done_once_more(served: Served, session: Page) -> None:
    """The button at the end begins it again."""
    session.keyboard.press("q")
    session.click("#again")
    session.wait_for_selector(SESSION)
    assert served.site.stretch.running


def test_a_closed_tab_ends_the_session_and_records_the_part(served: Served, session: Page) -> None:
    """After a few seconds of grace, what was held until then stands in the diary."""
    served.pass_s(15)
    session.close()
    served.tabs(0)
    assert served.site.stretch.running
    served.pass_s(GRACE_S)
    (entry,) = eventually(served.diary)
    assert isinstance(entry, Stretch)
    assert entry.complete is False
    assert 5 <= entry.held_s <= 5 + GRACE_S


def test_a_reload_in_the_middle_goes_on(served: Served, session: Page) -> None:
    """The same hold is shown with what is left of it, and nothing is asked again."""
    served.pass_s(15)
    session.reload()
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    expect(session.locator("#count")).to_have_text(re.compile("^(1[0-9]|[1-9])$"))
    served.pass_s(2)
    assert served.site.stretch.running
    assert served.diary() == []


HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_hidden_tab_still_sounds(served: Served, session: Page) -> None:
    """Cues come as events and not from the page's timers; the picture is right when the page is seen again."""
    session.evaluate(HIDE, True)
    before = session.evaluate("seen.tones.length")
    served.pass_s(10)
    becomes(session, f"seen.tones.length >= {before + 5}")
    session.evaluate(HIDE, False)
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    expect(session.locator("#pose-title")).to_contain_text("back leg straight")


def test_the_screen_is_kept_awake(session: Page) -> None:
    """It is asked for at the start, and again when the page comes back, since a hidden page loses it."""
    becomes(session, "seen.locks === 1")
    session.evaluate("seen.lock.released = true")
    session.evaluate(HIDE, True)
    assert session.evaluate("seen.locks") == 1
    session.evaluate(HIDE, False)
    becomes(session, "seen.locks === 2")
    session.keyboard.press("q")
    becomes(session, "seen.lock.released")


def test_no_reminder_comes_before_it_is_recorded(
    served: Served, session: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session counts as running until its entry is in the diary, which answers what is due."""
    diary, runs = served.app.store.diary, []
    add = diary.add

    def observed(row: Row) -> None:
        runs.append(session_running(served.folders.session_lock, datetime.now(UTC)))
        add(row)

    monkeypatch.setattr(diary, "add", observed)
    served.pass_s(15)
    session.keyboard.press("q")
    eventually(served.diary)
    assert runs == [True]
    eventually(lambda: not session_running(served.folders.session_lock, datetime.now(UTC)))


def test_two_tabs_show_one_session_and_one_of_them_sounds(
    served: Served, session: Page, context: BrowserContext
) -> None:
    """The tab that was used last sounds; when it goes, the other one does."""
    second = context.new_page()
    second.goto(f"http://127.0.0.1:{served.port}/stretch")
    second.wait_for_selector(SESSION)
    second.mouse.click(5, 5)  # a browser plays nothing in a page that was never touched
    second.wait_for_timeout(50)
    served.pass_s(10)
    for page in (session, second):
        expect(page.locator("#label")).to_have_text("Hold 1 of 2")
    assert session.evaluate("seen.tones.length") > 0
    assert second.evaluate("seen.tones.length") == 0
    second.keyboard.press("n")
    expect(session.locator("#read")).to_have_text("Swap legs")
    becomes(second, "seen.tones.length > 0")
    heard = session.evaluate("seen.tones.length")
    second.close()
    served.tabs(1)
    served.pass_s(10)
    becomes(session, f"seen.tones.length > {heard}")


def test_a_fifth_tab_is_refused_politely(served: Served, session: Page, context: BrowserContext) -> None:
    """It says so and keeps nobody else from the page."""
    for _ in range(4):
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{served.port}/stretch")
    expect(page.locator("#lost")).to_have_text(
        "remind is open in 4 tabs already. Close one of them and reload this one."
    )
    served.pass_s(10)
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")


def test_a_server_that_was_killed_is_told(served: Served, session: Page) -> None:
    """The page says that the program has stopped and how to open it again."""
    served.stop()
    expect(session.locator("#lost")).to_contain_text(
        "The program has stopped. Open remind from your menu of applications, or with “remind open”."
    )


def test_a_computer_that_slept_pauses_the_session(served: Served, session: Page) -> None:
    """The session waits where it was, and the page says why."""
    served.t += 3600
    served.do(served._tick)
    expect(session.locator("#label")).to_have_text("Paused")
    expect(session.locator("#hear")).to_have_text("The computer slept. Press space to go on.")


def test_the_safety_text_comes_once(served: Served, opened: Open) -> None:
    """Before the first session, with the seated routine one tap away; a later session begins without it."""
    served.app.store.key_values.set("safety_passed", "")
    page = opened()
    assert "blood clot" in text(page, ".safety")
    assert text(page, "#start") == "I have read this. Start"
    page.click("text=Sit down for it instead")
    assert text(page, "#begin-title") == "The trial's stretch, seated"
    page.click("#start")
    page.wait_for_selector(SESSION)
    page.reload()
    assert page.locator(".safety").count() == 0
    assert served.app.store.key_values.get("safety_passed")


def test_the_clothes_of_the_night(served: Served, session: Page) -> None:
    """Light at noon where the person's desktop is light, and dark after eight in the evening whatever it is."""
    colour = "getComputedStyle(document.body).backgroundColor"
    session.emulate_media(color_scheme="light")
    session.reload()
    light = session.evaluate(colour)
    served.began += timedelta(hours=9)
    session.reload()
    assert session.evaluate(colour) != light
    assert session.evaluate("document.documentElement.className") == "night"


def test_a_pose_blends_into_the_next_unless_motion_is_unwanted(served: Served, session: Page) -> None:
    """Within a second, or at once."""
    session.keyboard.press("n")
    expect(session.locator("#pose-title")).to_contain_text("back leg straight")
    still = session.evaluate("document.querySelectorAll('#pose .worked').length")
    assert still == 1
    session.emulate_media(reduced_motion="no-preference")
    session.keyboard.press("n")
    expect(session.locator("#pose-title")).to_contain_text("arm's length")
    becomes(session, "document.querySelectorAll('#pose .worked').length === 0")


def test_without_javascript_the_steps_can_be_read(served: Served, browser: object) -> None:
    """The title, the cautions, the figure and every step stand in the page itself."""
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(served.address("/stretch?routine=mine"))
    assert page.locator("noscript li").all_inner_texts()[1] == "Hold 1 of 2: Lean in, left leg, 20 s. Back heel down."
    assert page.locator("#pose-shapes path").count() > 15
    context.close()


@pytest.mark.parametrize("size", [(320, 640), (1024, 640), (1280, 720), (1920, 1080), (3840, 2160)], ids=str)
def test_a_session_fits_the_window(served: Served, session: Page, size: tuple[int, int]) -> None:
    """Nothing has to be scrolled, to the side or down, while somebody stands two metres away."""
    session.set_viewport_size({"width": size[0], "height": size[1]})
    served.pass_s(12)
    expect(session.locator("#label")).to_have_text("Hold 1 of 2")
    root = "document.documentElement"
    assert session.evaluate(f"{root}.scrollWidth") <= size[0]
    assert session.evaluate(f"{root}.scrollHeight") <= size[1]

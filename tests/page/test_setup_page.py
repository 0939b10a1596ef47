"""Setup on a page: its questions over HTTP, and in the browser what is tried and checked at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import becomes
from fake_login import FakeLogin
from playwright.sync_api import Page, expect
from served import Served
from virtual_desktop import eventually
from visitor import Visitor

from remind.app import App
from remind.core.setup import QUESTIONS
from remind.core.water_question import FLUID_LIMIT
from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import ChannelError, Delivery, Notification, OnAnswer

Open = Callable[..., Page]
USUAL = {
    "bedtime": "22:30", "wake": "07:00", "weekend_bedtime": "22:30", "weekend_wake": "07:00", "steady": "yes",
    "water": "yes", "limited": "no", "allowed": "", "target": "", "service": "yes", "chime": "yes", "voice": "yes",
    "phone": "no", "night": "no",
}  # fmt: skip
"""What the form sends from a home in which only the voice is set."""
FRESH = {"sound": {"voice": True}}


class Desktop(Chain):
    """Shows a notification whose button the test presses."""

    def __init__(self) -> None:
        super().__init__([])
        self.works = True
        self.withdrawn: list[str] = []

    def start(self, on_answer: OnAnswer) -> None:
        self.press = on_answer

    def show(self, notification: Notification) -> Delivery:  # noqa: ARG002 (as the real one has it)
        if not self.works:
            raise ChannelError("dbus: there is no session bus")
        return Delivery("dbus", confirmed=True, handle="a/b/1", server="dunst")

    def withdraw(self, handle: str) -> None:
        self.withdrawn.append(handle)


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeLogin:
    return FakeLogin(tmp_path, monkeypatch)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> Desktop:
    one = Desktop()
    monkeypatch.setattr(App, "channels", lambda _: one)
    return one


def test_every_question_of_the_terminal_is_there(visitor: Visitor, login: FakeLogin) -> None:
    """With what is set now; only the calendar is a command, since a page has no folder to write to."""
    page = visitor.reads("/setup")
    for question in QUESTIONS:
        assert (f'name="{question.key}"' in page) == (not question.tries and question.key != "calendar")
        assert question.key == "calendar" or question.text in page
    assert "remind calendar bedtime.ics" in page
    assert 'aria-label="Sitting on a chair' in page
    assert 'name="voice" value="yes" checked' in page


def test_a_bedtime_by_day_is_questioned(served: Served, visitor: Visitor, login: FakeLogin) -> None:
    """It is saved, since some people work at night; am and pm are easily confused in a browser."""
    said = visitor.sends("/setup", **USUAL | {"bedtime": "10:30", "weekend_bedtime": "10:30"})["said"]
    assert said.endswith(" A bedtime of 10:30 is by day. Did you mean 22:30?")
    assert said.count("Did you mean") == 1
    assert served.own["day"] == {"bedtime": "10:30"}


def test_a_command_is_shown_as_one(visitor: Visitor) -> None:
    """No backtick is left in the text."""
    html = visitor.reads("/setup")
    assert "nothing rings until you type <code>remind run</code>." in html
    assert "`" not in html


def test_answers_are_saved_together(served: Served, visitor: Visitor, login: FakeLogin) -> None:
    """Then the service starts, remind is in the menu, and the page says what comes when."""
    served.folders.settings.write_text("# mine\n[sound]\nvoice = true\n")
    told = visitor.sends("/setup", **USUAL | {"weekend_bedtime": "00:30", "steady": "no", "target": "1.6 l"})
    assert served.own == FRESH | {
        "day": {"on": {"weekend": {"bedtime": "00:30"}}},
        "stretch": {"routine": "trial-seated"},
        "water": {"target": "1.6 L"},
    }
    assert served.folders.settings.read_text().startswith("# mine\n")
    assert served.app.store.key_values.get(FLUID_LIMIT) == "no"
    assert login.done == ["install"]
    assert list(login.menu.glob("*.desktop"))
    assert told["said"].startswith("Saved. The stretch reminder comes tomorrow at 00:00, 30 min before bedtime")
    visitor.sends("/setup", **USUAL | {"service": "no", "limited": "yes"})
    assert login.done == ["install", "uninstall"]
    assert not login.menu.exists()
    assert served.own["water"] == {"enabled": False}


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"bedtime": "half ten"}, "bedtime", "is not a time of day. Write it as 22:30 or 10:30 pm."),
        ({"weekend_wake": ""}, "weekend_wake", "Fill this in."),
        ({"wake": "22:30"}, "wake", "Wake and bedtime are both 22:30 on Mon."),
        ({"weekend_wake": "22:30"}, "weekend_wake", "Wake and bedtime are both 22:30 on Sat."),
        ({"limited": ""}, "limited", "Answer yes or no."),
        ({"target": "8"}, "target", "needs a unit"),
        ({"target": "9 L"}, "target", "A day's target is 45 glasses of 200 ml"),
        ({"limited": "yes", "allowed": "9 L"}, "allowed", "A day's target is 45 glasses of 200 ml"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    served: Served, visitor: Visitor, login: FakeLogin, answers: dict[str, str], field: str, words: str
) -> None:
    """At once and at the end, and nothing is saved."""
    for path in ("/setup/check", "/setup"):
        faults = visitor.sends(path, **USUAL | answers)["faults"]
        assert list(faults) == [field]
        assert words in faults[field]
    assert (served.own, login.done) == (FRESH, [])
    assert visitor.sends("/setup/check", **USUAL) == {"said": ""}


def test_the_phone_is_connected_next(opened: Open, served: Served, login: FakeLogin) -> None:
    """Whoever wants it goes on to its page, where nothing is saved of it yet."""
    page = opened("/setup")
    page.locator("#setup-limited label", has_text="No").click()
    page.locator("#setup-phone label", has_text="Yes").click()
    page.click("button.big")
    expect(page.locator("#connect-title")).to_have_text("Connect your phone")
    expect(page.locator("#said")).to_contain_text("The stretch reminder comes at 22:00")
    assert "phone" not in served.own


def test_the_phone_is_switched_off(served: Served, visitor: Visitor, login: FakeLogin) -> None:
    """It is asked whether it should go on, and told what is left to do."""
    served.folders.settings.write_text('[sound]\nvoice = true\n[phone]\nntfy = "https://ntfy.example.org/x"\n')
    assert "Unsubscribe" not in visitor.sends("/setup", **USUAL | {"phone": "yes"})["said"]
    assert "Unsubscribe" in visitor.sends("/setup", **USUAL)["said"]
    assert served.own == FRESH | {"phone": {}}


def test_a_service_that_cannot_be_installed_is_told(served: Served, visitor: Visitor, login: FakeLogin) -> None:
    """The rest is saved."""
    login.fault = "remind.service: was edited by hand"
    told = visitor.sends("/setup", **USUAL | {"bedtime": "23:00"})
    assert "The service can't be installed: remind.service: was edited by hand." in told["said"]
    assert served.own["day"]["bedtime"] == "23:00"


def test_where_nothing_starts_at_login_it_says_so(visitor: Visitor, login: FakeLogin) -> None:
    """In place of the question."""
    login.missing = "systemd is not running here"
    page = visitor.reads("/setup")
    assert "Systemd is not running here." in page
    assert 'name="service"' not in page
    assert visitor.sends("/setup", **USUAL)["said"].startswith("Your settings stay as they are.")


def test_today_leads_to_setup_where_no_service_runs(visitor: Visitor, login: FakeLogin) -> None:
    """Unless nothing can start at login there."""
    words = "No reminder will ring: the service is not running."
    assert words in visitor.reads("/today")
    assert 'in <a href="/setup">Setup</a>' in visitor.reads("/today")
    login.missing = "systemd is not running here"
    assert words in visitor.reads("/today")
    assert 'href="/setup"' not in visitor.reads("/today")


def test_setup_in_the_browser(served: Served, opened: Open, login: FakeLogin, desktop: Desktop) -> None:
    """Questions come with the answers they depend on, a wrong time is told at once, and everything can be tried."""
    page = opened("/setup")
    served.tabs(1)
    page.fill("#setup-wake", "22:30")
    save = page.get_by_role("button", name="Save and start")
    save.click()
    for fault in ("wake", "limited"):
        expect(page.locator(f"#setup-{fault}-fault")).to_be_visible()
    page.fill("#setup-wake", "07:00")
    expect(page.locator("#setup-target")).to_be_hidden()
    page.locator("#setup-limited label", has_text="Yes").click()
    expect(page.locator("#setup-allowed")).to_be_visible()
    page.locator("#setup-limited label", has_text="No").click()
    expect(page.locator("#setup-allowed")).to_be_hidden()
    page.fill("#setup-target", "8")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-target-fault")).to_contain_text("needs a unit")
    page.fill("#setup-target", "1.6 L")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-target-fault")).to_be_hidden()
    page.click("[data-try=chime]")
    becomes(page, "seen.tones.length == 2")
    page.click("[data-try=voice]")
    eventually(lambda: served.spoken == ["This is how a session sounds."])
    expect(page.get_by_text("Did you hear the voice?")).to_be_visible()
    page.click("[data-try=notification]")
    expect(page.locator("#tried")).to_have_text("Shown through dbus: dunst confirmed it.")
    desktop.press("a/b/1", "snoozed", None)
    expect(page.locator("#tried")).to_have_text("You pressed Snooze. The buttons work.")
    eventually(lambda: desktop.withdrawn == ["a/b/1"])
    desktop.works = False
    page.click("[data-try=notification]")
    expect(page.locator("#tried")).to_contain_text("No notification can be shown here now")
    save.click()
    expect(page.locator("h1")).to_have_text("Today")
    expect(page.locator("#said")).to_contain_text("The stretch reminder comes at 22:00")
    assert served.own["water"] == {"target": "1.6 L"}

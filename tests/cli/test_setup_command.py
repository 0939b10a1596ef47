"""`remind setup`, and `remind` alone, over a desktop that obeys the test."""

import os
import sys
from pathlib import Path

import pytest
from cli_runner import Person, Said
from fake_login import FakeLogin

from remind.app import App
from remind.core.water_question import FLUID_LIMIT
from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import ChannelError, Delivery, Notification, OnAnswer

ENTER, NO = "", "n"
FRESH = (
    "bedtime", "wake", "weekend_bedtime", "weekend_wake", "steady", "water", "limited", "target", "night", "service",
    "chime", "heard_chime", "voice", "seen", "phone", "calendar",
)  # fmt: skip
"""The questions of a fresh home, in order."""


class Desktop(Chain):
    """Shows a notification as the test wants it, and may have its button pressed at once."""

    def __init__(self) -> None:
        super().__init__([])
        self.works = True
        self.presses: str | None = None
        self.shown: list[Notification] = []
        self.withdrawn: list[str] = []

    def start(self, on_answer: OnAnswer) -> None:
        self.on_answer = on_answer

    def show(self, notification: Notification) -> Delivery:
        if not self.works:
            raise ChannelError("dbus: there is no session bus")
        self.shown.append(notification)
        if self.presses:
            self.on_answer("a/b/1", self.presses, None)
        return Delivery("dbus", confirmed=True, handle="a/b/1", server="dunst")

    def withdraw(self, handle: str) -> None:
        self.withdrawn.append(handle)


class Home:
    """A person who answers questions, their desktop and their login service."""

    def __init__(self, person: Person, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.person, self._monkeypatch = person, monkeypatch
        self.desktop, self.login = Desktop(), FakeLogin(folder, monkeypatch)
        self.heard: list[str] = []
        monkeypatch.setattr(App, "channels", lambda _: self.desktop)
        for name, said in (("play_chime", []), ("speak", (True, []))):
            heard = lambda name=name, said=said: self.heard.append(name) or said  # noqa: E731
            monkeypatch.setattr(f"remind.cli.notify.{name}", heard)
        self.person.sits_at(None)

    def answers(self, *lines: str, options: tuple[str, ...] = ()) -> Said:
        """What `remind setup` says to these answers."""
        self.person.sits_at(list(lines))
        return self.person.types("setup", *options)

    def says(self, **given: str) -> Said:
        """What it says to a fresh home's questions if Enter answers all but `given`."""
        usual = {"limited": "n", "night": "n"} | given
        return self.answers(*(usual.get(key, ENTER) for key in FRESH))

    @property
    def untouched(self) -> bool:
        """Whether no file was written."""
        return not any(folder.exists() for folder in (self.person.folders.config, self.person.folders.data))


@pytest.fixture
def home(person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Home:
    return Home(person, monkeypatch, tmp_path)


def test_enter_at_every_question_sets_everything_up(home: Home) -> None:
    """The defaults need no file; the service starts, sound and notification were tried, and it says what comes when."""
    said = home.says()
    assert (said.code, said.err) == (0, "")
    assert (home.person.own, home.login.done, home.heard) == ({}, ["install"], ["play_chime"])
    assert (len(home.desktop.shown), home.desktop.withdrawn) == (1, ["a/b/1"])
    assert "type `back`" in said.out
    for line in (
        "Your settings stay as they are.",
        "The service is running, and starts at each login.",
        "The stretch reminder comes at 22:00, 30 min before bedtime (22:30).",
        "The next water reminder comes tomorrow at 07:30.",
    ):
        assert line in said.out.splitlines()
    assert "Nothing rings" not in said.out


def test_answers_become_settings(home: Home) -> None:
    """In one file with its comment, and the answer about fluids is kept."""
    said = home.says(
        bedtime="11 pm", weekend_bedtime="0:30", weekend_wake="9:00", steady="n", target="1.6 l", service="n",
        voice="n",
    )  # fmt: skip
    assert said.code == 0
    assert home.person.own == {
        "day": {"bedtime": "23:00", "on": {"weekend": {"bedtime": "00:30", "wake": "09:00"}}},
        "stretch": {"routine": "trial-seated"},
        "water": {"target": "1.6 L"},
    }
    assert home.person.folders.settings.read_text().startswith("# Your own settings.")
    assert f"Saved {home.person.folders.settings}" in said.out
    assert "Nothing rings until the service runs" in said.out
    assert home.login.done == []
    app = home.person.app()
    assert app.store.key_values.get(FLUID_LIMIT) == "no"
    app.close()


def test_who_goes_to_bed_in_the_morning_keeps_that_with_enter(home: Home) -> None:
    """A time that could be morning or evening is in question only where it is typed."""
    home.person.writes_settings('[day]\nbedtime = "10:30"\nwake = "19:00"\n')
    assert home.says(weekend_bedtime="10:30").code == 0
    assert home.person.own["day"] == {"bedtime": "10:30", "wake": "19:00"}


@pytest.mark.parametrize(
    ("key", "typed", "right", "words"),
    [
        ("bedtime", "half ten", "22:00", "'half ten' is not a time of day. Write it as 22:30 or 10:30 pm."),
        ("bedtime", "10:30", "22", "'10:30' can be morning or evening. Write 10:30 am or 10:30 pm."),
        ("wake", "24", "7", "'24' is not a time of day."),
        ("wake", "22:30", "06:00", "wake and bedtime are both 22:30 on Mon. Change one of them."),
        ("weekend_wake", "22:30", "09:00", "wake and bedtime are both 22:30 on Sat. Change one of them."),
        ("steady", "maybe", "n", "'maybe' is neither yes nor no."),
        ("limited", ENTER, "n", ""),
        ("target", "8", "2 L", "'8' needs a unit."),
        (
            "target",
            "9 L",
            "2 L",
            "a day's target is 45 glasses of 200 ml, more than 40. Choose less, or a larger glass.",
        ),
        ("calendar", "bed.txt", "none", "the file name must end in .ics"),
        ("calendar", "/nowhere/bed.ics", "none", "there is no folder '/nowhere'"),
        ("calendar", "~nobody-here/bed.ics", "none", "~nobody-here/bed.ics: there is no such home folder"),
    ],
)
def test_a_wrong_answer_is_asked_again_at_once(home: Home, key: str, typed: str, right: str, words: str) -> None:
    """With what is wrong about it; the next answer counts."""
    lines = ["n" if one == "limited" else ENTER for one in FRESH]
    place = FRESH.index(key)
    lines[place : place + 1] = [typed, right]
    said = home.answers(*lines)
    assert (said.code, said.out.count("Error: ")) == (0, 1 if words else 0)
    assert words in said.out


def test_the_phone_is_connected_after_the_last_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command that does so alone. If that is left, the rest stays; and "no" later switches the phone off."""
    monkeypatch.setattr("remind.phone.PRESS_LIMIT_S", 0.01)
    said = home.says(bedtime="23:00", phone="y")
    assert (said.code, said.err) == (130, "remind: the phone was not set up; its settings stay as they are.\n")
    assert "subscribe to this topic" in said.out
    assert home.person.own == {"day": {"bedtime": "23:00"}}
    assert "The stretch reminder comes at 22:30" in said.out
    home.person.types("config", "set", "phone.ntfy", "https://ntfy.example.org/x")
    assert home.answers(*(ENTER for _ in FRESH)).code == 0
    assert home.person.own["phone"] == {"ntfy": "https://ntfy.example.org/x"}
    said = home.answers(*(NO if key == "phone" else ENTER for key in FRESH))
    assert "Your phone gets no more reminders.\nUnsubscribe" in said.out
    assert home.person.own["phone"] == {}


@pytest.mark.parametrize("count", range(len(FRESH)))
def test_leaving_at_any_question_changes_nothing(home: Home, count: int) -> None:
    """No file is written and nothing is installed; it says so, and the test notification goes away."""
    said = home.answers(*["n" if key == "limited" else "23:00" if key == "bedtime" else ENTER for key in FRESH[:count]])
    assert (said.code, said.err) == (130, "remind: setup stopped; nothing was changed.\n")
    assert home.untouched
    assert home.login.done == []
    assert len(home.desktop.withdrawn) == len(home.desktop.shown)


def test_back_goes_to_the_question_before(home: Home) -> None:
    """As often as one likes, past the test too; what was answered there is offered again."""
    typed = [
        "back",
        "23:00",
        "back",
        *[ENTER] * 5,
        "y",
        "back",
        ENTER,
        "n",
        ENTER,
        "n",
        *[ENTER] * 4,
        "back",
        "y",
        *[ENTER] * 4,
    ]
    said = home.answers(*typed)
    assert said.code == 0
    assert "When do you go to bed from Monday to Friday? [23:00]" in said.out
    assert home.person.own == {"day": {"bedtime": "23:00"}, "sound": {"voice": True}}
    assert home.heard == ["play_chime", "speak"]
    assert len(home.desktop.withdrawn) == len(home.desktop.shown) == 2


def test_the_next_time_it_starts_from_what_is_set(home: Home) -> None:
    """Enter everywhere changes nothing, and comments stay where something does."""
    home.says(service="n", steady="n", target="1.6 L")
    text = '# mine\n[day]\nbedtime = "21:00"  # early\n\n[stretch]\nroutine = \'towel\'\n[water]\ntarget = "1600 ml"\n'
    home.person.writes_settings(text)
    said = home.answers(*[ENTER] * len(FRESH))
    assert (said.code, home.person.folders.settings.read_text()) == (0, text)
    assert "bed from Monday to Friday? [21:00]" in said.out
    assert "steady on your feet? [y/N]" in said.out
    assert "drink in a day? [1.6 L] (or none)" in said.out
    assert home.login.done == []  # it was declined
    home.says(bedtime="21:30", steady="y", target="none", service="y")
    text = home.person.folders.settings.read_text()
    assert "# mine\n" in text
    assert "# early\n" in text
    assert home.person.own == {"day": {"bedtime": "21:30"}, "stretch": {"routine": "wall-calf"}, "water": {}}
    assert home.login.done == ["install"]
    home.says(service="n")
    assert home.login.done == ["install", "uninstall"]


class TestFluids:
    """The one question about them."""

    def test_who_has_a_number_keeps_to_it(self, home: Home) -> None:
        """It becomes the target; there is none of one's own."""
        home.says(limited="y", target="1.2 L")
        assert home.person.own == {"water": {"target": "1.2 L"}}

    def test_without_a_number_water_is_switched_off(self, home: Home) -> None:
        """It says so at the end."""
        said = home.says(limited="y", target="none")
        assert home.person.own == {"water": {"enabled": False}}
        assert "Water reminders are now switched off." in said.out
        assert "Water reminders are off." in said.out

    @pytest.mark.parametrize(("before", "code"), [(None, 2), ("yes", 2), ("no", 0)])
    def test_yes_sets_no_target_that_was_never_asked_about(self, home: Home, before: str | None, code: int) -> None:
        """As with `remind config set`."""
        app = home.person.app()
        if before:
            app.store.key_values.set(FLUID_LIMIT, before)
        app.close()
        said = home.person.types("setup", "--yes", "--target", "1.6 L")
        assert said.code == code
        assert home.person.own == ({} if code else {"water": {"target": "1.6 L"}})
        assert code == 0 or "--target: a question about fluid limits comes first." in said.err


def test_a_press_of_a_button_is_told(home: Home) -> None:
    """Or that there was none."""
    home.desktop.presses = "snoozed"
    assert "You pressed Snooze. The buttons work." in home.says().out
    home.desktop.presses = None
    assert "No button was pressed. If it showed none, use the commands" in home.says().out


def test_nobody_is_asked_about_a_voice_that_does_not_speak(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The volume would not help."""
    monkeypatch.setattr("remind.cli.notify.speak", lambda: (False, ["No voice works here."]))
    said = home.says(voice="y")
    assert said.code == 0
    assert "No voice works here." in said.out
    assert "Did you hear the voice?" not in said.out
    assert "Turn up the volume" not in said.out


def test_what_was_not_heard_or_seen_is_helped_with(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the settings of this desktop."""
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    monkeypatch.setattr("sys.platform", "linux")
    said = home.says(heard_chime="n", seen="n")
    assert "Turn up the volume" in said.out
    assert "install xfce4-notifyd. `remind doctor` checks the rest" in said.out
    home.desktop.works = False
    said = home.answers(*[ENTER] * 15)
    assert said.code == 0
    assert "No notification can be shown here now (dbus: there is no session bus). Open Settings" in said.out


class TestOptions:
    """Flags answer questions."""

    def test_yes_asks_nothing(self, home: Home) -> None:
        """It takes defaults and flags, starts the service and shows a test that goes away by itself."""
        said = home.person.types(
            "setup", "--yes", "--bedtime", "23:00", "--weekend-bedtime", "0:30", "--wake", "6:30", "--weekend-wake",
            "9 am", "--routine", "towel", "--no-water",
        )  # fmt: skip
        assert (said.code, said.err) == (0, "")
        times = {"bedtime": "23:00", "wake": "06:30", "on": {"weekend": {"bedtime": "00:30", "wake": "09:00"}}}
        assert home.person.own == {"day": times, "stretch": {"routine": "towel"}, "water": {"enabled": False}}
        assert (home.login.done, home.heard, home.desktop.shown[0].lasting) == (["install"], [], False)
        assert "A test notification: Shown through dbus: dunst confirmed it." in said.out
        before = home.person.own
        home.desktop.works = False
        said = home.person.types("setup", "--yes", "--no-service")
        assert (said.code, home.person.own, home.login.done) == (0, before, ["install", "uninstall"])
        assert said.err == "remind: no notification can be shown here now (dbus: there is no session bus)\n"

    def test_what_an_option_says_is_not_asked(self, home: Home) -> None:
        """The rest is; who presses Enter in a fresh home is asked in the morning how the night was."""
        options = ("--bedtime", "23:00", "--routine", "gentle-start", "--no-water", "--no-service")
        said = home.answers(*[ENTER] * 10, options=options)
        assert said.code == 0
        assert "bed from Monday" not in said.out
        assert home.person.own == {
            "day": {"bedtime": "23:00"}, "stretch": {"routine": "gentle-start"}, "water": {"enabled": False},
            "night": {"enabled": True},
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--bedtime", "half ten"), "--bedtime: 'half ten' is not a time of day. Write it as 22:30 or 10:30 pm."),
            (("--weekend-wake", ""), "--weekend-wake: '' is not a time of day. Write it as 22:30 or 10:30 pm."),
            (("--bedtime", "10:30"), "--bedtime: '10:30' can be morning or evening. Write 10:30 am or 10:30 pm."),
            (("--wake", "22:30"), "day: wake and bedtime are both 22:30 on Mon. Change one of them."),
            (("--routine", "towl"), "--routine: there is no routine 'towl'. Did you mean 'towel'?"),
            (("--target", "8"), '--target: \'8\' needs a unit. Write it as "250 ml", "8 oz" or "1.5 L".'),
            (("--no-water", "--target", "2 L"), "--target and --no-water don't go together. Leave out one of them."),
        ],
    )
    @pytest.mark.parametrize("more", [("--yes",), ()])
    def test_a_wrong_one_is_wrong_usage(
        self, home: Home, options: tuple[str, ...], words: str, more: tuple[str, ...]
    ) -> None:
        """It says how to write it, and nothing is changed."""
        said = home.person.types("setup", *options, *more)
        assert (said.code, said.out, said.err) == (2, "", f"remind: {words}\n")
        assert home.untouched

    def test_a_script_needs_yes(self, home: Home) -> None:
        """It is told so."""
        said = home.person.types("setup")
        assert (said.code, home.untouched) == (2, True)
        assert "needs a terminal. `remind setup --yes` takes the defaults." in said.err


class TestLogin:
    """Starting at login."""

    def test_where_nothing_can_start_at_login_it_says_so_and_goes_on(self, home: Home) -> None:
        """It isn't asked, and the rest is saved."""
        home.login.missing = "systemd is not running here"
        said = home.person.types("setup", "--yes", "--service", "--bedtime", "23:00")
        assert (said.code, said.err) == (0, "remind: systemd is not running here.\n")
        assert home.person.own == {"day": {"bedtime": "23:00"}}
        assert "May remind start" not in home.answers(*[ENTER] * 6, "n", *[ENTER] * 7).out

    def test_what_fails_at_the_end_is_told_and_the_rest_is_done(self, home: Home) -> None:
        """The settings are saved, and the exit code tells scripts."""
        home.login.fault = "remind.service: was edited by hand"
        said = home.person.types("setup", "--yes", "--bedtime", "23:00")
        assert (said.code, said.err) == (1, "remind: remind.service: was edited by hand.\n")
        assert home.person.own == {"day": {"bedtime": "23:00"}}
        assert "The stretch reminder comes at 22:30" in said.out


def test_bedtimes_go_into_a_calendar_file(home: Home, tmp_path: Path) -> None:
    """After everything else is saved, so it has the new ones."""
    file = tmp_path / "bed time.ics"
    assert home.says(bedtime="23:00", calendar=str(file)).code == 0
    assert "T230000" in file.read_text()
    lines = ["n" if key == "limited" else ENTER for key in FRESH]
    assert "exists already" in home.answers(*lines[:-1], str(file), "none").out


def test_faults_in_the_settings_come_first(home: Home) -> None:
    """Nothing is asked before they are fixed."""
    home.person.writes_settings("[day]\nbedtime = 25\n")
    said = home.answers()
    assert said.code == 4
    assert "day.bedtime: 25 is not a time of day" in said.err


class TestAlone:
    """`remind` without a command."""

    def test_a_fresh_home_is_told_what_this_is(self, home: Home) -> None:
        """In three lines that name setup; nothing is written."""
        said = home.person.types()
        assert (said.code, said.err, said.out.count("\n"), home.untouched) == (0, "", 3, True)
        assert "`remind setup`" in said.out
        assert max(map(len, said.out.splitlines())) < 80

    def test_at_a_terminal_it_offers_setup(self, home: Home) -> None:
        """Enter begins it; no leaves it."""
        home.person.sits_at([ENTER])
        said = home.person.types()
        assert said.code == 130
        assert "When do you go to bed" in said.out
        home.person.sits_at(["n"])
        said = home.person.types()
        assert (said.code, home.untouched) == (0, True)
        assert "When do you go to bed" not in said.out

    def test_afterwards_it_shows_today(self, home: Home) -> None:
        """The same as `remind status`."""
        home.person.types("setup", "--yes")
        assert home.person.types().out == home.person.types("status").out
        home.person.types("drink")
        assert "200 ml today" in home.person.types().out


@pytest.mark.posix
def test_ctrl_c_at_a_real_terminal_leaves_an_empty_home(tmp_path: Path) -> None:
    """The process itself says so and ends with 130."""
    import pexpect  # there is none for Windows

    environ = {**os.environ, "HOME": str(tmp_path), "TERM": "xterm", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    environ = {name: value for name, value in environ.items() if not name.startswith("XDG_")}
    child = pexpect.spawn(
        sys.executable, ["-P", "-m", "remind", "setup", "--bedtime", "23:00"], env=environ, dimensions=(30, 80),
        encoding="utf-8", timeout=60,
    )  # fmt: skip
    child.expect("get up from Monday to Friday")
    child.sendline("6:45")
    child.expect(r"Saturday and Sunday\? \[23:00\]: ")  # Python loses a Ctrl-C that comes just before it waits
    child.send("\x03")
    child.expect("setup stopped; nothing was changed")
    child.wait()
    child.close()
    assert child.exitstatus == 130
    assert list(tmp_path.iterdir()) == []

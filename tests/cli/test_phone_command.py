"""`remind phone` and `remind notify --phone` over a real server, whose buttons the test presses."""

import io
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click
import pytest
from cli_runner import Person, Said
from ntfy_server import NtfyServer
from virtual_desktop import eventually

from remind import phone
from remind.core.reminders import Occurrence
from remind.doctor import desktop
from remind.service.phone_sender import PhoneSender
from remind.store.key_value import phone_secret
from remind.store.ledger import What

ENTER, YES, NO = "", "y", "n"


class Home:
    """A person at a terminal, and the server that their phone hears."""

    def __init__(self, person: Person, server: NtfyServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.person, self.server, self._monkeypatch = person, server, monkeypatch
        server.model.clock = lambda: person.now.timestamp()
        self.at = f"http://127.0.0.1:{server.server_port}"
        self.person.sits_at(None)

    def presses(self, label: str = phone.BUTTON) -> None:
        """Press `label` as soon as a message with it is there."""
        there = lambda: any(one.get("actions") for one in self.server.model.messages)  # noqa: E731
        threading.Thread(target=lambda: (eventually(there), self.server.press(label)), daemon=True).start()

    def answers(self, *lines: str, options: tuple[str, ...] = ()) -> Said:
        """What `remind phone setup` says to these answers."""
        self.person.sits_at(list(lines))
        return self.person.types("phone", "setup", "--server", self.at, *options)


@pytest.fixture
def home(person: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home without a phone."""
    server = NtfyServer()
    yield Home(person, server, monkeypatch)
    server.end()


def test_a_press_sets_it_up(home: Home) -> None:
    """The topic is shown to be typed and as an address, and its address is saved with what was wished."""
    home.presses()
    said = home.answers(ENTER, NO, YES)
    assert (said.code, said.err) == (0, "")
    address = home.person.own["phone"]["ntfy"]
    assert home.person.own == {"phone": {"ntfy": address, "discreet": True}}
    assert address.startswith(f"{home.at}/remind-")
    assert {address, address.rpartition("/")[2]} <= {line.strip() for line in said.out.splitlines()}
    assert "Your press came back after " in said.out
    assert "Nothing is sent until the service runs" in said.out


@pytest.mark.parametrize(("lines", "code"), [((), 130), ((ENTER,), 130), ((ENTER, NO, NO), 1)])
def test_whoever_gives_up_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], code: int
) -> None:
    """At the first question, at the second, or without a press: there is no file, and no secret."""
    monkeypatch.setattr(phone, "PRESS_LIMIT_S", 0.01)
    said = home.answers(*lines)
    assert (said.code, said.err) == (code, "remind: the phone was not set up; its settings stay as they are.\n")
    assert not home.person.folders.settings.exists()
    assert not home.person.folders.database.exists()


def test_without_a_press_it_says_what_to_look_at(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be sent again, and saved all the same."""
    monkeypatch.setattr(phone, "PRESS_LIMIT_S", 0.01)
    said = home.answers(ENTER, ENTER, NO, YES, NO, NO)
    assert said.code == 0
    assert "No press came back within" in said.out
    assert "this very topic" in said.out
    assert len(home.server.model.messages) == 2
    assert set(home.person.own["phone"]) == {"ntfy"}


def test_a_server_that_refuses_is_told(home: Home) -> None:
    """What is wrong is said, and nothing is saved."""
    home.server.behaviour = "403"
    said = home.answers(ENTER)
    assert said.code == 1
    assert said.err.startswith("remind: the test message could not be sent (127.0.0.1")
    assert home.person.own == {}


def test_without_a_terminal_it_is_saved_unasked(home: Home) -> None:
    """`--yes` doesn't send anything; without it, it says so."""
    assert home.person.types("phone", "setup").code == 2
    said = home.person.types("phone", "setup", "--yes", "--server", home.at)
    assert said.code == 0
    assert home.person.own["phone"]["ntfy"] in said.out
    assert home.server.requests == []


def test_another_phone_gets_the_same_topic(home: Home) -> None:
    """Run again, it keeps the address; at another server there is a new one."""
    home.answers(options=("--yes",))
    first = home.person.own["phone"]["ntfy"]
    for words in ((), ("--server", f"{home.at}/")):
        assert home.person.types("phone", "setup", "--yes", *words).code == 0
        assert home.person.own["phone"]["ntfy"] == first
    home.person.types("phone", "setup", "--yes", "--server", "https://ntfy.example.org/")
    assert home.person.own["phone"]["ntfy"].startswith("https://ntfy.example.org/remind-")


@pytest.mark.parametrize("server", ["http://example.org", "ntfy.sh", "https://me:pw@ntfy.sh", "https://ntfy.sh/a b"])
def test_a_server_must_be_an_address(home: Home, server: str) -> None:
    """Anything else is wrong usage, and a password is no part of it."""
    said = home.person.types("phone", "setup", "--yes", "--server", server)
    assert said.code == 2
    assert "is not the address of a server" in said.err


def test_topics_are_not_alike() -> None:
    """Each has 79 bits of chance, in signs that nobody mistakes."""
    topics = {phone.new_address().removeprefix("https://ntfy.sh/remind-") for _ in range(200)}
    assert len(topics) == 200
    assert all(len(topic) == 19 and not set(topic) & set("0o1il") for topic in topics)


def test_the_code_is_drawn_where_there_is_room(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal with UTF-8 that is wide enough, in black on white whatever its colors are."""
    from remind.cli.phone import _drawn

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    address = phone.new_address()
    for stdout, columns, drawn in ((Terminal(), 80, True), (Terminal(), 36, False), (io.StringIO(), 80, False)):
        monkeypatch.setattr("sys.stdout", stdout)
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = _drawn(address)
        assert (len(lines) == 19) == drawn
        assert all(line.startswith("\x1b[97m\x1b[40m") for line in lines)
        assert not drawn or {click.unstyle(lines[place]) for place in (0, 1, -2, -1)} == {"█" * 37}


class TestOff:
    """`remind phone off`, after the service has scheduled tonight's stretch."""

    def scheduled(self, home: Home) -> str:
        """Have the server keep tonight's message, as the service does. Return the secret."""
        home.answers(options=("--yes",))
        home.person.types("config", "set", "phone.ahead", "true")
        app = home.person.app()
        secret = phone_secret(app.store.key_values)
        transport = app.open_phone(app.settings, secret)
        assert transport is not None
        PhoneSender(app, app.settings, app.schedule, app.store, transport, secret).tend(app.now())
        app.close()
        assert "Scheduled      stretch, 22:01" in home.person.types("phone").out.splitlines()
        return secret

    def test_it_takes_everything_back(self, home: Home) -> None:
        """The message is withdrawn, address and secret are forgotten, and it says what is left to do."""
        secret = self.scheduled(home)
        app = home.person.app()
        (told,) = desktop.phone(app)
        app.close()
        assert told.found.endswith("without a token; sent last: nothing yet; scheduled: stretch, 22:01")
        said = home.person.types("phone", "off")
        assert said.out.splitlines() == [
            "Your phone gets no more reminders.", "Unsubscribe from the topic in the app on your phone, too.",
        ]  # fmt: skip
        assert home.person.own["phone"] == {"ahead": True}
        assert [one["event"] for one in home.server.model.messages] == ["message_delete"]
        app = home.person.app()
        assert phone_secret(app.store.key_values) != secret
        app.close()
        assert home.person.types("phone", "off").out == "No phone is set up.\n"

    @pytest.mark.parametrize("fault", ["old", "500"])
    def test_what_can_not_be_withdrawn_is_told(self, home: Home, fault: str) -> None:
        """By an older server, or by one that doesn't answer; it is switched off all the same."""
        self.scheduled(home)
        home.server.model.withdraws = False
        home.server.behaviour = "good" if fault == "old" else fault
        said = home.person.types("phone", "off")
        assert said.code == 0
        assert said.out.splitlines()[-1].startswith("What the server has scheduled could not be withdrawn.")
        assert "ntfy" not in home.person.own["phone"]

    def test_another_server_takes_over(self, home: Home) -> None:
        """What the first one has scheduled is withdrawn there; the secret stays, since the service goes on with it."""
        secret = self.scheduled(home)
        home.person.types("phone", "setup", "--yes", "--server", "https://ntfy.example.org")
        assert [one["event"] for one in home.server.model.messages] == ["message_delete"]
        app = home.person.app()
        assert phone_secret(app.store.key_values) == secret
        app.close()


class TestNotify:
    """`remind notify --phone`."""

    def test_both_ways_are_tried(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a terminal it waits for the press, and says how long it took."""
        home.answers(options=("--yes",))
        monkeypatch.setattr("remind.cli.notify._somebody_watches", lambda: True)
        home.presses()
        said = home.person.types("notify", "--phone")
        assert said.code == 0
        assert re.sub(r"\d+ s\b", "1 s", said.out).splitlines() == [
            f"Sent through ntfy: {home.at.removeprefix('http://')} confirmed it.",
            'Press "It works" on your phone, or Ctrl-C to stop.',
            "Your press came back after 1 s. Messages reach your phone, and its answers come back.",
        ]

    def test_somebody_elses_words_are_no_press(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whatever else comes on the topic of answers is passed over."""
        home.answers(options=("--yes",))
        monkeypatch.setattr("remind.cli.notify._somebody_watches", lambda: True)
        monkeypatch.setattr(phone, "PRESS_LIMIT_S", 0.5)
        publish = home.server.model.publish

        def and_forge(sent: dict[str, Any]) -> dict[str, Any]:
            taken = publish(sent)
            home.server.model.press(sent["actions"][0]["url"].rpartition("/")[2], "5e" * 16)
            return taken

        monkeypatch.setattr(home.server.model, "publish", and_forge)
        assert "No press came back" in home.person.types("notify", "--phone").out

    def test_a_server_that_cannot_be_heard_is_told(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        """As one that lets the token publish, but not read."""
        home.answers(options=("--yes",))
        monkeypatch.setattr("remind.cli.notify._somebody_watches", lambda: True)
        monkeypatch.setattr(phone, "PRESS_LIMIT_S", 0.7)
        publish = home.server.model.publish

        def and_close(sent: dict[str, Any]) -> dict[str, Any]:
            home.server.behaviour = "403"
            return publish(sent)

        monkeypatch.setattr(home.server.model, "publish", and_close)
        said = home.person.types("notify", "--phone")
        assert "Answers can't be heard (127.0.0.1" in said.out
        assert "403 Forbidden" in said.out

    def test_a_script_is_not_kept_waiting(self, home: Home) -> None:
        """It is told how the message was sent."""
        home.answers(options=("--yes",))
        said = home.person.types("notify", "--phone", "--json")
        assert (said.json["channel"], said.json["confirmed"]) == ("ntfy", True)
        assert [request.method for request in home.server.requests] == ["POST"]

    def test_without_a_phone_it_says_how_to_set_one_up(self, home: Home) -> None:
        """The error has the command."""
        said = home.person.types("notify", "--phone")
        assert (said.code, said.err) == (1, "remind: no phone is set up. Run `remind phone setup`.\n")


class TestStatus:
    """`remind phone` alone."""

    def test_none(self, home: Home) -> None:
        """It says how to set one up."""
        said = home.person.types("phone")
        assert (said.code, said.out) == (0, "No phone is set up. `remind phone setup` does it in two minutes.\n")
        assert home.person.types("phone", "--json").json == {
            "server": None, "sent": None, "failed": None, "answered": None, "scheduled": None,
        }  # fmt: skip

    def test_what_happened_last(self, home: Home) -> None:
        """Sent, not sent and answered, each with its reminder and time; the topic is not shown."""
        home.answers(options=("--yes",))
        events: tuple[tuple[What, int, dict[str, str]], ...] = (
            ("phoned", 0, {"reason": "away"}), ("snoozed", 1, {"via": "button snoozed"}), ("done", 2, {"via": "phone"}),
            ("skipped", 3, {"via": "command skip"}), ("phone-failed", 3, {"reason": "no answer in time"}),
        )  # fmt: skip
        for what, minutes, details in events:
            noted(home.person, what, minutes, **details)
        said = home.person.types("phone")
        assert said.out.splitlines()[1:] == [
            "Sent last      stretch, 20:30",
            "Not sent       stretch, 20:33: no answer in time",
            "Answered last  stretch, 20:32: done",
        ]
        assert home.person.own["phone"]["ntfy"].rpartition("/")[2] not in said.out
        found = home.person.types("phone", "--json").json
        assert found["answered"] == {
            "occurrence": "stretch/2026-11-22", "reminder": "stretch", "at": "2026-11-22T20:32:00+01:00",
            "answer": "done",
        }  # fmt: skip
        noted(home.person, "phoned", 4, reason="away")
        assert home.person.types("phone", "--json").json["failed"] is None


@pytest.mark.parametrize("behaviour", ["good", "echo", "403"])
def test_the_token_and_the_secret_stay_hidden(home: Home, monkeypatch: pytest.MonkeyPatch, behaviour: str) -> None:
    """No command prints them, whatever the server says, and no message has them but in its header."""
    token = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
    monkeypatch.setenv("REMIND_NTFY_TOKEN", token)
    home.answers(options=("--yes",))
    app = home.person.app()
    secret = phone_secret(app.store.key_values)
    app.close()
    home.server.behaviour = behaviour
    for words in (
        ("phone",), ("phone", "--json"), ("notify", "--phone"), ("doctor", "--json"), ("config", "show"), ("status",),
        ("history", "--json"), ("export", "-"), ("phone", "setup", "--yes"), ("phone", "off"),
    ):  # fmt: skip
        said = home.person.types(*words)
        assert not any(hidden in said.out + said.err for hidden in (token, secret)), words
    assert home.server.requests
    for request in home.server.requests:
        assert request.token == f"Bearer {token}"
        assert not any(hidden in f"{request.path}{request.message}" for hidden in (token, secret))


def noted(person: Person, what: What, minutes: int, **details: object) -> None:
    """Put into the ledger what happened so many minutes after half past eight."""
    due = person.now - timedelta(minutes=30)
    occurrence = Occurrence("stretch/2026-11-22", "stretch", due.date(), due, due + timedelta(hours=1))
    app = person.app()
    app.store.ledger.note(occurrence, what, due + timedelta(minutes=minutes), person.zone, **details)
    app.close()

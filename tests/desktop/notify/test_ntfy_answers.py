"""Buttons on the phone: messages that carry them, what the server keeps, and hearing a press."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from ntfy_server import NtfyServer
from virtual_desktop import eventually

from remind.core.phone_secret import answer_token, answer_topic, sequence_id
from remind.desktop.command import start
from remind.desktop.notify import ntfy
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import Listening, Message, NtfyPhone, Published

SECRET = "5e" * 32
TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
STRETCH = Message(
    sequence_id="s1", title="Time for the calf stretch", body="Lean in.", buttons=(("Done", "d0"), ("Skip", "5k"))
)
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[NtfyServer]:
    """A server that does what ntfy does."""
    server = NtfyServer()
    yield server
    server.end()


@pytest.fixture
def phone(server: NtfyServer, monkeypatch: pytest.MonkeyPatch) -> NtfyPhone:
    """A phone on that server, which connects again soon."""
    monkeypatch.setattr(ntfy, "_AGAIN_S", 0.05)
    return NtfyPhone(server.address(), environ={"REMIND_NTFY_TOKEN": TOKEN}, secret=SECRET)


class Heard:
    """What a listener reports."""

    def __init__(self, phone: NtfyPhone, since: str = "all") -> None:
        self.presses: list[Published] = []
        self.faults: list[str] = []
        self.listening: Listening = phone.listen(since, self.presses.append, self.faults.append)

    def close(self) -> None:
        self.listening.close()

    @property
    def texts(self) -> list[str]:
        return [one.message for one in self.presses]


def test_a_button_posts_its_text_and_nothing_else(server: NtfyServer, phone: NtfyPhone) -> None:
    """The action goes to the topic of answers, without the server's token, and removes the message when it worked."""
    phone.publish(STRETCH)
    (request,) = server.requests
    url = server.address().replace("a-secret-topic", answer_topic(SECRET, "a-secret-topic"))
    assert request.message["actions"] == [
        {"action": "http", "label": "Done", "url": url, "body": "d0", "clear": True},
        {"action": "http", "label": "Skip", "url": url, "body": "5k", "clear": True},
    ]
    assert {"delay", "priority"} & request.message.keys() == set()
    assert TOKEN not in str(request.message)
    assert SECRET not in str(request.message)


def test_nothing_follows_from_the_topic_without_the_secret() -> None:
    """Another secret gives another topic, other names and other answers; each answer is good for one thing alone."""
    other = "5f" * 32
    assert answer_topic(SECRET, "t") != answer_topic(other, "t")
    assert sequence_id(SECRET, "night/2026-11-22") != sequence_id(other, "night/2026-11-22")
    made = {
        answer_token(secret, occurrence, answer, round_)
        for secret in (SECRET, other)
        for occurrence in ("stretch/2026-11-22", "stretch/2026-11-23")
        for answer in ("done", "snoozed")
        for round_ in ("", "2026-11-22T21:00:00+00:00")
    }
    assert len(made) == 16


def test_a_quiet_message_makes_no_sound(server: NtfyServer, phone: NtfyPhone) -> None:
    """It has the lowest priority that ntfy knows."""
    phone.publish(Message(sequence_id="s1", title="Answered", quiet=True))
    assert server.requests[0].message["priority"] == 1


def test_a_delayed_message_is_kept_and_can_be_withdrawn(server: NtfyServer, phone: NtfyPhone) -> None:
    """The server says when it delivers it; once withdrawn, it is gone."""
    sent = phone.publish(replace(STRETCH, delay=HOUR))
    assert sent.time - time.time() == pytest.approx(3600, abs=30)
    (kept,) = phone.published()
    assert (kept.id, kept.sequence_id) == (sent.id, "s1")
    assert phone.withdraw("s1", "d0")
    assert phone.published() == []


@pytest.mark.parametrize("missing", ["withdraws", "withdraws_scheduled"])
def test_a_server_that_cannot_withdraw_is_noticed(server: NtfyServer, phone: NtfyPhone, missing: str) -> None:
    """Those before 2.16 refuse; 2.16 agrees, but delivers the message all the same."""
    setattr(server.model, missing, False)
    phone.publish(replace(STRETCH, delay=HOUR))
    assert not phone.withdraw("s1", "d0")


def test_a_withdrawal_that_fails_is_not_one_that_cannot_be(server: NtfyServer, phone: NtfyPhone) -> None:
    """After a failure nobody knows, so it is tried again."""
    for server.behaviour in ("503", "close", "page"):
        with pytest.raises(ChannelError):
            phone.withdraw("s1", "d0")


def test_the_server_tells_what_it_took_before_its_answer_was_lost(server: NtfyServer, phone: NtfyPhone) -> None:
    """The message is found by the texts of its buttons."""
    server.behaviour = "lost"
    with pytest.raises(ChannelError):
        phone.publish(STRETCH)
    server.behaviour = "good"
    assert phone.has("d0")
    assert not phone.has("another")


def test_a_press_is_heard_at_once(server: NtfyServer, phone: NtfyPhone) -> None:
    """It comes with an id and the server's time, while both sides wait."""
    phone.publish(STRETCH)
    with closing(Heard(phone)) as heard:
        eventually(lambda: any(request.method == "GET" for request in server.requests))
        server.press("Skip")
        eventually(lambda: heard.texts == ["5k"])
        assert abs(heard.presses[0].time - time.time()) < 30
    assert (server.requests[1].path.partition("?")[2], server.requests[1].token) == ("since=all", f"Bearer {TOKEN}")


def test_what_was_pressed_meanwhile_is_heard_later(server: NtfyServer, phone: NtfyPhone) -> None:
    """By one request, or when it listens; what was heard before does not come again."""
    phone.publish(STRETCH)
    server.press("Done")
    server.press("Skip")
    first, second = phone.answers("all")
    assert (first.message, second.message) == ("d0", "5k")
    assert phone.answers(first.id) == [second]
    with closing(Heard(phone, first.id)) as heard:
        eventually(lambda: heard.texts == ["5k"])


@pytest.mark.parametrize("fault", ["503", "429", "302", "close", "rubbish", "page", "cut", "half", "gotify", "deep"])
def test_it_connects_again_after_a_fault(server: NtfyServer, phone: NtfyPhone, fault: str) -> None:
    """The fault is reported once in words that name only the host; no press is lost, and none comes twice."""
    phone.publish(STRETCH)
    server.press("Done")
    with closing(Heard(phone)) as heard:
        eventually(lambda: heard.texts == ["d0"])
        server.behaviour = fault
        eventually(lambda: heard.faults and server.requests[-2].method == "GET")
        server.model.press(server.requests[1].path.strip("/"), "x" * 5000)
        server.behaviour = "good"
        eventually(lambda: len(heard.presses) == 2)
    assert len(heard.texts[1]) < 200
    assert set(heard.faults) <= {f"127.0.0.1:{server.server_port}: {why}" for why in FAULTS}
    assert not any("remind-" in fault or TOKEN in fault for fault in heard.faults)


FAULTS = (
    "closes the connection",
    "cannot be reached: Remote end closed connection without response",
    "does not answer as ntfy does",
    "answers 503 Service Unavailable",
    "answers 429 Too Many Requests",
    "answers 302 Found; write the address that it leads to into phone.ntfy",
)


def test_a_dead_connection_is_given_up(server: NtfyServer, phone: NtfyPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that hangs, or has slept, says nothing; the next connection hears what was pressed meanwhile."""
    monkeypatch.setattr(ntfy, "_SILENCE_S", 0.3)
    server.behaviour = "hang"
    phone_topic = answer_topic(SECRET, "a-secret-topic")
    with closing(Heard(phone)) as heard:
        eventually(lambda: heard.faults)
        server.model.press(phone_topic, "d0")
        server.behaviour = "good"
        eventually(lambda: heard.texts == ["d0"])
    assert heard.faults[0] == f"127.0.0.1:{server.server_port}: cannot be reached: no answer in time"


def test_a_flood_is_heard_in_short_lines(server: NtfyServer, phone: NtfyPhone) -> None:
    """A line that is too long ends the connection, and nothing of it is kept in memory."""
    topic = answer_topic(SECRET, "a-secret-topic")
    for number in range(200):
        server.model.press(topic, f"{number}" * 50)
    with closing(Heard(phone)) as heard:
        eventually(lambda: len(heard.presses) == 200)
        server.model.press(topic, "y" * 20_000)
        eventually(lambda: heard.faults)
    assert len(heard.presses) == 200


def test_closing_ends_the_child(server: NtfyServer, phone: NtfyPhone) -> None:
    """The thread and the process are gone, and a press is not heard any more."""
    heard = Heard(phone)
    eventually(lambda: server.requests)
    heard.close()
    eventually(lambda: heard.listening.ended)


def test_once_it_is_closed_nothing_more_is_heard() -> None:
    """What had come by then is heard when listening starts anew, after the last press that was recorded."""
    lines = [msgspec.json.encode(Published(id=text, time=1, event="message", message=text)).decode() for text in "ab"]
    script = f"import sys; sys.stdin.readline(); print({lines[0]!r}, {lines[1]!r}, sep='\\n')"
    child = start([sys.executable, "-c", script], os.environ)
    heard: list[str] = []
    made = threading.Event()

    def hear(press: Published) -> None:
        assert made.wait(20)
        heard.append(press.message)
        listening.close()

    listening = Listening(child, {}, hear, heard.append)
    made.set()
    eventually(lambda: listening.ended)
    assert heard == ["a"]


def test_a_press_that_is_being_recorded_is_waited_for() -> None:
    """Whoever closes it may close the database next."""
    line = msgspec.json.encode(Published(id="a", time=1, event="message", message="d0")).decode()
    child = start([sys.executable, "-c", f"import sys; sys.stdin.readline(); print({line!r})"], os.environ)
    begun, heard = threading.Event(), list[str]()

    def hear(press: Published) -> None:
        begun.set()
        time.sleep(0.2)
        heard.append(press.message)

    listening = Listening(child, {}, hear, heard.append)
    assert begun.wait(20)
    listening.close()
    assert heard == ["d0"]


def test_a_child_that_is_killed_before_it_was_told_anything_is_no_error() -> None:
    """The thread ends without one, which pytest would report."""
    child = start([sys.executable, "-c", ""], os.environ)
    child.wait()
    listening = Listening(child, {}, print, print)
    eventually(lambda: listening.ended)


def test_the_child_ends_with_its_parent(server: NtfyServer) -> None:
    """When the service is killed, no child listens on."""
    script = (
        "import os, sys, time; from remind.desktop.notify.ntfy import NtfyPhone\n"
        "heard = NtfyPhone(sys.argv[1], secret='00').listen('all', print, print)\n"
        "print(heard._process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, server.address()]
    environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{parent.stdout.readline().strip()}/stat")
        eventually(lambda: server.requests)
        parent.send_signal(signal.SIGKILL)
    eventually(lambda: not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z")

"""The failures that the package desktop-notifier hides, and its buttons."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from channel_contract import notification
from fake_desktop_notifier import DEFAULT_SOUND, Desktop
from virtual_desktop import eventually

from remind.cli.notify import ask_permission
from remind.desktop.notify.channel import ChannelError, SlowError
from remind.desktop.notify.desktop_notifier_channel import DesktopNotifierChannel


@pytest.fixture
def channel(desktop_notifier: Desktop) -> Iterator[DesktopNotifierChannel]:
    channel = DesktopNotifierChannel("win32", timeout=20.0)
    yield channel
    channel.close()


def test_a_pressed_button_is_an_answer(channel: DesktopNotifierChannel, desktop_notifier: Desktop) -> None:
    """It has the handle of the notification and the key of the occurrence."""
    answers: list[tuple[object, ...]] = []
    channel.start(lambda *answer: answers.append(answer))
    handle = channel.show(notification()).handle
    desktop_notifier.notifiers[0].press(desktop_notifier.shown[0].identifier, "snoozed")
    eventually(lambda: answers)
    assert answers == [(handle, "snoozed", "stretch/2026-11-22")]


def test_buttons_are_for_windows_alone(desktop_notifier: Desktop) -> None:
    """On Windows each button has its label and answer; on macOS, where nobody would hear them, there are none."""
    for platform, expected in (("win32", ["start", "snoozed", "skipped"]), ("darwin", [])):
        channel = DesktopNotifierChannel(platform, timeout=20.0)
        channel.show(notification())
        channel.close()
        assert [button.identifier for button in desktop_notifier.shown[-1].buttons] == expected


def test_a_repeat_takes_the_place_of_the_first(channel: DesktopNotifierChannel, desktop_notifier: Desktop) -> None:
    """The earlier notification is removed, and the new one has another handle."""
    first = channel.show(notification()).handle
    second = channel.show(notification(replaces=first)).handle
    assert first != second
    assert desktop_notifier.cleared == [desktop_notifier.shown[0].identifier]


def test_a_notification_of_an_earlier_run_is_taken_away(
    channel: DesktopNotifierChannel, desktop_notifier: Desktop
) -> None:
    """The handle is enough to remove it."""
    handle = channel.show(notification()).handle
    assert handle is not None
    again = DesktopNotifierChannel("win32", timeout=20.0)
    again.withdraw(handle)
    again.close()
    assert desktop_notifier.cleared == [desktop_notifier.shown[0].identifier]


def test_the_sound_is_passed_on(channel: DesktopNotifierChannel, desktop_notifier: Desktop) -> None:
    """Silent where no sound was asked for."""
    channel.show(notification(sound="complete"))
    channel.show(notification())
    loud, silent = desktop_notifier.shown
    assert (loud.sound, silent.sound) == (DEFAULT_SOUND, None)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("dummy", "needs a signed app bundle"),
        ("forbid", "may not notify"),
        ("refuse", "did not take"),
        ("broken", "Could not get ToastNotificationManagerForUser"),
    ],
)
def test_what_it_would_swallow_is_an_error(
    channel: DesktopNotifierChannel, desktop_notifier: Desktop, behaviour: str, words: str
) -> None:
    """A dummy, a missing permission, a failure that is only logged, and a system without notifications are errors."""
    desktop_notifier.behaviour = behaviour
    with pytest.raises(ChannelError, match=words):
        channel.show(notification())


def test_a_call_that_blocks_the_event_loop_is_given_up(desktop_notifier: Desktop) -> None:
    """A call that hangs in the system stays behind, and the next notification is shown."""
    channel = DesktopNotifierChannel("win32", timeout=0.1)
    desktop_notifier.behaviour = "block"
    began = time.monotonic()
    with pytest.raises(ChannelError, match=r"no answer within 0\.1 s"):
        channel.show(notification())
    assert time.monotonic() - began < 2.5
    desktop_notifier.behaviour = "good"
    channel.show(notification(title="Again"))
    channel.close()
    assert desktop_notifier.shown[-1].title == "Again"
    eventually(lambda: len(desktop_notifier.shown) == 2)  # the thread that was left behind has ended


def test_a_missing_package_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package there is a reason and no traceback."""
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    channel = DesktopNotifierChannel()
    with pytest.raises(ChannelError, match="not installed"):
        channel.show(notification())
    channel.close()


def test_nothing_is_loaded_before_it_is_needed() -> None:
    """Creating the channel imports neither the package nor asyncio."""
    script = (
        "import sys; from remind.desktop.notify.desktop_notifier_channel import DesktopNotifierChannel as C;"
        "C().close();"
        "sys.exit(any(m.split('.')[0] in ('desktop_notifier', 'asyncio') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_question_of_macos_may_take_longer_than_a_reminder(desktop_notifier: Desktop) -> None:
    """Installation waits for the answer; after that a reminder is shown at once."""
    desktop_notifier.behaviour, desktop_notifier.answers_after_s = "ask", 0.4
    hasty = DesktopNotifierChannel("darwin", timeout=0.1)
    with pytest.raises(SlowError):
        hasty.show(notification())
    patient = DesktopNotifierChannel("darwin", timeout=20.0)
    patient.ask_permission()
    hasty.show(notification(title="Now"))
    assert desktop_notifier.shown[-1].title == "Now"
    for channel in (hasty, patient):
        channel.close()


@pytest.mark.parametrize(("behaviour", "words"), [("ask", ""), ("forbid", "may not notify"), ("dummy", "app bundle")])
def test_notify_asks_first_on_macos_alone(
    desktop_notifier: Desktop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    behaviour: str,
    words: str,
) -> None:
    """On macOS it announces the question, and reports a refusal."""
    desktop_notifier.behaviour = behaviour
    ask_permission()
    assert desktop_notifier.notifiers == []
    monkeypatch.setattr(sys, "platform", "darwin")
    ask_permission()
    said = capsys.readouterr().err
    assert "allow remind to send notifications" in said
    assert words in said
    assert (said.count("\n") == 1) == (not words)

"""`remind notify`: show a test notification now."""

import sys
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import click
import msgspec

from remind.cli.output import say, show_json
from remind.errors import RemindError

if TYPE_CHECKING:
    from remind.app import App
    from remind.desktop.notify.channel import Button, Delivery
    from remind.desktop.notify.ntfy import NtfyPhone


_SENTENCE = "This is how a session sounds."
_SENTENCE_LIMIT_S = 8.0
_PRESS_LIMIT_S = 60.0


@click.command()
@click.option("--phone", "to_phone", is_flag=True, help="Send it to your phone instead.")
@click.option("--sound", "to_hear", is_flag=True, help="Play the chime and the voice of a guided session instead.")
@click.option("--json", "as_json", is_flag=True, help="Print how it was shown as JSON.")
@click.pass_obj
def notify(app: "App", to_phone: bool, to_hear: bool, as_json: bool) -> None:
    """Show a test notification now, and say how it was shown.

    In a terminal it waits up to a minute for you to press a button, to try whether buttons work. They change nothing.

    Example: remind notify --phone
    """
    if to_hear:
        _let_hear(app)
        return
    from contextlib import closing

    from remind.desktop.notify.channel import ChannelError, Notification

    test = Notification(
        key="test",
        reminder="test",
        title="This is how remind reminds you",
        body="A test: there is nothing to do.",
        sound="message-new-instant",
        lasting=False,
    )
    if to_phone:
        _report(_phone(app).send(test), as_json)
        return
    ask_permission()
    pressed: SimpleQueue[tuple[str, str]] = SimpleQueue()
    waits = _somebody_watches() and not as_json
    with closing(app.channels()) as chain:
        chain.start(lambda handle, answer, _: pressed.put((handle, answer)))
        try:
            delivery = chain.show(msgspec.structs.replace(test, buttons=_buttons(), lasting=waits))
        except ChannelError as error:
            raise RemindError(f"no notification can be shown ({error}). Try `remind doctor`.") from error
        _report(delivery, as_json)
        if waits and delivery.handle is not None:
            try:
                _wait_for_press(pressed, delivery.handle)
            finally:
                chain.withdraw(delivery.handle)


def _somebody_watches() -> bool:
    return sys.stdout.isatty()


def _buttons() -> "tuple[Button, ...]":
    from remind.desktop.notify.channel import Button

    return (
        Button("done", "Done", "remind done"),
        Button("snoozed", "Snooze", "remind snooze"),
        Button("skipped", "Skip", "remind skip"),
    )


def _wait_for_press(pressed: "SimpleQueue[tuple[str, str]]", handle: str) -> None:
    """Say which button of the notification `handle` is pressed, or that none was pressed in time."""
    labels = {button.answer: button.label for button in _buttons()}
    say("Press one of its buttons to try them, or Ctrl-C to stop.")
    end = time.monotonic() + _PRESS_LIMIT_S
    while (left := end - time.monotonic()) > 0:
        try:
            which, answer = pressed.get(timeout=left)
        except Empty:
            break
        if which == handle and answer in labels:
            say(f"You pressed {labels[answer]}. The buttons work.")
            return
    say("No button was pressed within a minute. If it showed none, use the commands: `remind done`, `snooze`, `skip`.")


def _report(delivery: "Delivery", as_json: bool) -> None:
    if as_json:
        show_json(delivery)
    else:
        say(_as_text(delivery))


def ask_permission() -> None:
    """Give the person time to allow notifications on macOS, which asks once; a reminder waits only 5 s."""
    from contextlib import closing

    if sys.platform != "darwin":
        return
    from remind.desktop.notify.channel import ChannelError
    from remind.desktop.notify.desktop_notifier_channel import PATIENCE_S, DesktopNotifierChannel

    say("If macOS asks, allow remind to send notifications.", err=True)
    with closing(DesktopNotifierChannel(timeout=PATIENCE_S)) as channel:
        try:
            channel.ask_permission()
        except ChannelError as error:
            say(f"Not through {channel.name}: {error}.", err=True)


def _let_hear(app: "App") -> None:
    """Play a chime and speak a sentence, each through the first program that works, and say which that was."""
    from remind.desktop import sound

    with sound.written(sound.chime("begin")) as file:
        player, failures = sound.first_working(sound.players(), file, sound.CHIME_LIMIT_S)
    if player:
        say(f"Played a chime through {player.name}.")
    else:
        say("\aRang the terminal's bell, since no player works here. Many terminals leave their bell off.")
    voice, failures_of_voices = sound.first_working(sound.voices(), _SENTENCE, _SENTENCE_LIMIT_S)
    say(f"Spoke through {voice.name}." if voice else "No voice works here.")
    for name, why in {**failures, **failures_of_voices}.items():
        say(f"Not through {name}: {why}.")
    wished = app.loaded.settings.sound
    chime, spoken = ("on" if one else "off" for one in (wished.chime, wished.voice))
    say(f"In a session, sound.chime is {chime} and sound.voice is {spoken}.")


def _phone(app: "App") -> "NtfyPhone":
    phone = app.open_phone(app.settings)
    if phone is None:
        raise RemindError("no phone is set up. Set one with `remind config set phone.ntfy https://HOST/TOPIC`.")
    return phone


def _as_text(delivery: "Delivery") -> str:
    if delivery.confirmed:
        done = "Sent" if delivery.handle is None else "Shown"
        first = f"{done} through {delivery.channel}: {delivery.server or 'the server'} confirmed it."
    else:
        first = f"Sent through {delivery.channel}, which cannot confirm that it was displayed."
    return "\n".join([first, *(f"Not through {failure}." for failure in delivery.failures)])

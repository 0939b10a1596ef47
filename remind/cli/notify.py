"""`remind notify`: show a test notification now."""

from typing import TYPE_CHECKING

import click

from remind.cli.output import say, show_json
from remind.errors import RemindError

if TYPE_CHECKING:
    from remind.app import App
    from remind.desktop.notify.channel import Delivery
    from remind.desktop.notify.ntfy import NtfyPhone


_SENTENCE = "This is how a session sounds."
_SENTENCE_LIMIT_S = 8.0


@click.command()
@click.option("--phone", "to_phone", is_flag=True, help="Send it to your phone instead.")
@click.option("--sound", "to_hear", is_flag=True, help="Play the chime and the voice of a guided session instead.")
@click.option("--json", "as_json", is_flag=True, help="Print how it was shown as JSON.")
@click.pass_obj
def notify(app: "App", to_phone: bool, to_hear: bool, as_json: bool) -> None:
    """Show a test notification now, and say how it was shown.

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
        delivery = _phone(app).send(test)
    else:
        ask_permission()
        with closing(app.channels()) as chain:
            try:
                delivery = chain.show(test)
            except ChannelError as error:
                raise RemindError(f"no notification can be shown ({error}). Try `remind doctor`.") from error
    if as_json:
        show_json(delivery)
    else:
        say(_as_text(delivery))


def ask_permission() -> None:
    """Give the person time to allow notifications on macOS, which asks once; a reminder waits only 5 s."""
    import sys
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

"""`remind notify`: show a test notification now."""

import sys
from typing import TYPE_CHECKING

import click

from remind.cli.output import say, show_json
from remind.errors import RemindError

if TYPE_CHECKING:
    from remind.app import App
    from remind.desktop.notify.channel import Delivery


_SENTENCE_LIMIT_S = 8.0
_PRESS_LIMIT_S = 60.0
NO_PRESS = "If it showed none, use the commands: `remind done`, `snooze`, `skip`."


@click.command()
@click.option("--phone", "to_phone", is_flag=True, help="Send it to your phone instead, and wait for your answer.")
@click.option("--sound", "to_hear", is_flag=True, help="Play the chime and the voice of a guided session instead.")
@click.option("--json", "as_json", is_flag=True, help="Print how it was shown as JSON.")
@click.pass_obj
def notify(app: "App", to_phone: bool, to_hear: bool, as_json: bool) -> None:
    """Show a test notification now, and say how it was shown.

    In a terminal it waits a minute, or two with --phone, for you to press a button, to try whether buttons work. They
    change nothing.

    Example: remind notify --phone
    """
    if to_hear:
        _let_hear(app)
        return
    if to_phone:
        _try_phone(app, as_json)
        return
    from contextlib import closing

    from remind.desktop.notify.channel import ChannelError
    from remind.desktop.notify.trial import Trial, pressed_words

    ask_permission()
    waits = _somebody_watches() and not as_json
    with closing(Trial(app.channels())) as trial:
        try:
            delivery = trial.show(lasting=waits)
        except ChannelError as error:
            raise RemindError(f"no notification can be shown ({error}). Try `remind doctor`.") from error
        _report(delivery, as_json)
        if waits and delivery.handle is not None:
            say("Press one of its buttons to try them, or Ctrl-C to stop.")
            say(pressed_words(trial.pressed(_PRESS_LIMIT_S)) or f"No button was pressed within a minute. {NO_PRESS}")


def _somebody_watches() -> bool:
    return sys.stdout.isatty()


def _report(delivery: "Delivery", as_json: bool) -> None:
    from remind.desktop.notify.trial import as_text

    if as_json:
        show_json(delivery)
    else:
        say(as_text(delivery))


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
    """Play a chime and speak a sentence, and say what did it."""
    played, (_, spoken) = play_chime(), speak()
    for line in (*played, *spoken):
        say(line)
    wished = app.loaded.settings.sound
    chime, voice = ("on" if one else "off" for one in (wished.chime, wished.voice))
    say(f"In a session, sound.chime is {chime} and sound.voice is {voice}.")


def play_chime() -> list[str]:
    """Play a chime through the first player that works. Return lines that say which did, and why others didn't."""
    from remind.desktop import sound

    chime = str(sound.sound_file("begin"))
    player, failures = sound.first_working(sound.players(), chime, sound.CHIME_LIMIT_S)
    bell = "\aRang the terminal's bell, since no player works here. Many terminals leave their bell off."
    return [f"Played a chime through {player.name}." if player else bell, *_why_not(failures)]


def speak() -> tuple[bool, list[str]]:
    """Speak a sentence through the first voice that works. Return whether one did, and lines as `play_chime` does."""
    from remind.desktop import sound

    voice, failures = sound.first_working(sound.voices(), sound.TRIAL_SENTENCE, _SENTENCE_LIMIT_S)
    said = f"Spoke through {voice.name}." if voice else "No voice works here."
    return voice is not None, [said, *_why_not(failures)]


def _why_not(failures: dict[str, str]) -> list[str]:
    return [f"Not through {name}: {why}." for name, why in failures.items()]


def _try_phone(app: "App", as_json: bool) -> None:
    """Send a test message to the phone; where somebody watches, wait for the press of its button."""
    from contextlib import closing

    from remind.cli.phone import try_both_ways
    from remind.phone import Trial

    address = app.settings.phone.ntfy
    if address is None:
        raise RemindError("no phone is set up. Run `remind phone setup`.")
    if _somebody_watches() and not as_json:
        try_both_ways(app, address)
        return
    with closing(Trial(app, address)) as trial:
        _report(trial.send(), as_json)

"""`remind phone`: set up reminders on the phone, see what was sent and answered last, and switch them off."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING

import click
import msgspec

from remind.cli.group import Group, json_option
from remind.cli.output import ANSWER_ROOM, confirmed, fitted, say, show_json
from remind.errors import RemindError, SessionEndedError, UsageError

if TYPE_CHECKING:
    from remind.app import App

_NOTHING = "the phone was not set up; its settings stay as they are"
_INDENT = "   "


@click.group(cls=Group, invoke_without_command=True)
@json_option
@click.pass_context
def phone(context: click.Context, as_json: bool) -> None:
    """Show what was sent to your phone and answered there, or set it up.

    Example: remind phone setup
    """
    if context.invoked_subcommand is not None:
        return
    from remind.phone_log import host, in_words, lately

    app: App = context.obj
    address, found = app.loaded.settings.phone.ntfy, lately(app.store_for_reading.ledger, app.now())
    if as_json:
        show_json({"server": host(address) if address else None, **msgspec.structs.asdict(found)})
        return
    if address is None:
        say("No phone is set up. `remind phone setup` does it in two minutes.")
    else:
        say(f"While you are away from the computer, your reminders go to your phone through {host(address)}.")
        for label, words in in_words(found, app):
            say(f"{label:<13}  {words}")


@phone.command(short_help="Set up your phone, or another one.")
@click.option("--server", metavar="URL", help="Use the ntfy server at URL, not https://ntfy.sh.")
@click.option("--yes", is_flag=True, help="Ask nothing, and save without waiting for a press.")
@click.pass_obj
def setup(app: "App", server: str | None, yes: bool) -> None:
    """Set up your phone, or another one.

    It makes a topic that nobody can guess, shows it as a QR code, sends a test message, and waits until you press its
    button. Nothing is saved before that. If a phone is set up already, its topic is kept and a further phone can join.

    Example: remind phone setup
    """
    from remind import phone as phones

    if not yes and not sys.stdin.isatty():
        raise UsageError("this waits for a press, so it needs a terminal. `remind phone setup --yes` doesn't wait.")
    address, wishes = phones.address_for(app, server), dict[str, bool]()
    _show(address)
    if not yes:
        try:
            _test(app, address)
            wishes = _wishes(app)
        except (click.Abort, KeyboardInterrupt):
            click.echo()  # end the line that shows the question
            raise SessionEndedError(_NOTHING) from None
    phones.save(app, address, wishes)
    say(f"Saved {app.folders.settings}")
    for sentence in phones.what_comes(app):
        say(sentence)


def _show(address: str) -> None:
    """Show how to subscribe to the topic at `address`, with its code where the terminal can show one."""
    from remind import phone as phones

    say(phones.APP)
    click.echo()
    for number, step in enumerate(phones.how_to_subscribe(address), 1):
        say(f"{number}. {step}")
    click.echo(f"\n{_INDENT}{click.style(address.rpartition('/')[2], bold=True)}\n")
    code = _drawn(address)
    if code:
        say("Or scan this code. It opens an address in the phone's browser, whose last part is the topic to copy:")
        click.echo("\n".join(["", *code, ""]))
    click.echo(address)


def _drawn(address: str) -> list[str]:
    """Return the lines of the code in black on white; none where it would not fit or could not be drawn."""
    import io
    import shutil

    from remind.phone import qr_code

    if not sys.stdout.isatty() or not (sys.stdout.encoding or "").lower().startswith("utf"):
        return []
    drawing = io.StringIO()
    qr_code(address).terminal(drawing, compact=True)
    *lines, last = drawing.getvalue().splitlines()
    lines.append(last.replace("▀", "█"))  # the height is odd, and half a line would end in black
    if len(last) > shutil.get_terminal_size().columns:
        return []
    return [click.style(line, fg="bright_white", bg="black") for line in lines]


def _test(app: "App", address: str) -> None:
    """Send the test message until its press comes back, or the person does without.

    Raises:
        RemindError: the message can't be sent, or the person gives up.
        click.Abort: the person pressed Ctrl-C.
    """
    click.prompt(
        fitted("Press Enter when your phone has subscribed", sys.stdout, ANSWER_ROOM), default="", show_default=False
    )
    while not try_both_ways(app, address):
        if confirmed("Send it again?", default=True):
            continue
        if confirmed("Set up the phone all the same?", default=False):
            return
        raise RemindError(_NOTHING)


def try_both_ways(app: "App", address: str) -> bool:
    """Send a test message and say how, and whether its press came back. Raise RemindError if it can't be sent."""
    from remind import phone as phones
    from remind.desktop.notify.trial import as_text

    with closing(phones.Trial(app, address)) as trial:
        say(as_text(trial.send()))
        say(f'Press "{phones.BUTTON}" on your phone, or Ctrl-C to stop.')
        after_s = trial.pressed_after_s(phones.PRESS_LIMIT_S)
        for line in phones.pressed_words(address, after_s, trial.deaf):
            say(line)
    return after_s is not None


def _wishes(app: "App") -> dict[str, bool]:
    """Return what the person wants of the switches that are chosen at once."""
    from remind.phone import WISHES

    found = {}
    for name in ("ahead", "discreet"):
        words, more = WISHES[name]
        click.echo()
        click.secho(words, bold=True)
        say(more)
        found[name] = confirmed("Switch it on?", default=getattr(app.settings.phone, name))
    return found


@phone.command()
@click.pass_obj
def off(app: "App") -> None:
    """Send nothing more to your phone, and withdraw what is scheduled.

    Example: remind phone off
    """
    from remind.phone import switch_off

    for line in switch_off(app) or ["No phone is set up."]:
        say(line)

"""`remind setup`: what a new home needs, question by question."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING

import click
import msgspec

from remind.cli.output import ANSWER_ROOM, check_new_file, fitted, say, tell
from remind.core import setup as asking
from remind.core.setup import BY_KEY, NO, QUESTIONS, ROUTINE, YES, Before, Question, read_typed
from remind.core.water_question import SWITCHED_OFF, is_asked
from remind.errors import ExitCode, RemindError, SessionEndedError, UsageError
from remind.files import full_path

if TYPE_CHECKING:
    from remind.app import App

_HOW = (
    "Press Enter to take the answer in brackets, or type `back` to go back to the question before. Nothing is saved "
    "until the last answer, and Ctrl-C leaves everything as it is."
)
_END = (
    "`remind setup` changes any of this, and `remind` shows today. If a reminder doesn't appear, run `remind doctor`."
)
_ERROR = len("Error: ")
_COLUMNS, _ROWS = 46, 12


class _BackError(Exception):
    """The person wants to go back to the question before."""


@click.command()
@click.option("--yes", is_flag=True, help="Ask nothing: take what is set, the defaults, and the options given.")
@click.option("--bedtime", metavar="T", help="Go to bed at T from Monday to Friday.")
@click.option("--weekend-bedtime", metavar="T", help="Go to bed at T on Saturday and Sunday.")
@click.option("--wake", metavar="T", help="Get up at T from Monday to Friday.")
@click.option("--weekend-wake", metavar="T", help="Get up at T on Saturday and Sunday.")
@click.option("--routine", metavar="NAME", help="Stretch by the routine NAME.")
@click.option("--water/--no-water", default=None, help="Remind to drink, or don't.")
@click.option("--target", metavar="A", help="Drink A a day.")
@click.option("--service/--no-service", default=None, help="Start at login, or don't.")
@click.pass_context
def setup(context: click.Context, /, yes: bool, **given: str | bool | None) -> int:
    """Set everything up, question by question.

    T is a time such as 22:30, NAME one of `remind routines`, and A an amount such as "1.6 L". What an option says is
    not asked. Run it again to change your answers.

    Example: remind setup --bedtime 23:00 --weekend-bedtime 00:30
    """
    from remind.setup import check, read_before, what_comes, why_not_at_login

    app: App = context.obj
    before = read_before(app)
    answers = _from_options(app, given)
    if yes:
        _refuse_unasked_target(answers, before)
    check(app, answers, before)
    if not yes and not sys.stdin.isatty():
        raise UsageError("setup asks questions, so it needs a terminal. `remind setup --yes` takes the defaults.")
    no_login = why_not_at_login()
    if no_login:
        answers["service"] = NO
    if yes:
        _take_defaults(answers, msgspec.structs.replace(before, fresh=False))  # nobody is asked
    else:
        _ask_all(app, answers, before)
        click.echo()
    code = _carry_out(context, answers, before, no_login)
    if yes:
        _show_test(app)
    click.echo()
    for sentence in (*what_comes(app, starting=code == ExitCode.DONE and answers["service"] == YES), _END):
        say(sentence)
    return code


def _from_options(app: "App", given: dict[str, str | bool | None]) -> dict[str, str]:
    """Return the answers that the options give. Raise UsageError, which names the option, if one is wrong."""
    answers: dict[str, str] = {}
    for key, value in given.items():
        option = f"--{key.replace('_', '-')}"
        if isinstance(value, bool):
            answers[key] = YES if value else NO
        elif value is not None:
            try:
                answers[key] = _routine(app, value) if key == ROUTINE else read_typed(BY_KEY[key], value)
            except (ValueError, UsageError) as error:
                raise UsageError(f"{option}: {error}") from error
    if ROUTINE in answers:
        answers["steady"] = YES
    if answers.get("target") and answers.setdefault("water", YES) == NO:
        raise UsageError("--target and --no-water don't go together. Leave out one of them.")
    return answers


def _routine(app: "App", name: str) -> str:
    """Return `name`. Raise an error unless it is a routine that can be read."""
    from remind.settings import routines

    routines.load(routines.find(name, app.folders.routines))
    return name


def _refuse_unasked_target(answers: dict[str, str], before: Before) -> None:
    """Raise UsageError if a target is set before anybody has answered the question about fluid limits."""
    typed = {"water.target": answers["target"]} if answers.get("target") else {}
    if is_asked(typed, before.limited, somebody_is_there=False):
        raise UsageError("--target: a question about fluid limits comes first. Run `remind setup` in a terminal.")


def _take_defaults(answers: dict[str, str], before: Before) -> None:
    """Add the default answer to each question that is left and has one; nothing is tried."""
    for question in QUESTIONS:
        if question.key not in answers and not question.tries and asking.is_asked(question, answers):
            answer = asking.default(question, answers, before)
            if answer is not None:
                answers[question.key] = answer


def _ask_all(app: "App", answers: dict[str, str], before: Before) -> None:
    """Add the answer to each question that is left. Raise SessionEndedError at Ctrl-C."""
    say(_HOW)
    asked: list[str] = []
    earlier: dict[str, str] = {}
    try:
        while question := asking.next_question(answers):
            usual = earlier.get(question.key, asking.default(question, answers, before))
            click.echo()
            if not asked or BY_KEY[asked[-1]].topic != question.topic:
                click.secho(question.topic, bold=True)
            try:
                answer = _ask(app, question, usual, answers, before)
            except _BackError:
                if asked:
                    last = asked.pop()
                    earlier[last] = answers.pop(last)
                continue
            answers[question.key] = NO if answer is None else answer
            if answer is not None:
                asked.append(question.key)
    except (click.Abort, KeyboardInterrupt):
        click.echo()  # end the line that shows the question
        raise SessionEndedError("setup stopped; nothing was changed") from None


def _ask(app: "App", question: Question, usual: str | None, answers: dict[str, str], before: Before) -> str | None:
    """Return the answer to `question`, after what it tries; None where there is nothing to answer."""
    from remind.cli.notify import play_chime, speak

    works, tried = True, list[str]()
    match question.tries:
        case "notification":
            return _ask_seen(app, question, answers, before)
        case "chime":
            tried = play_chime()
        case "voice":
            works, tried = speak()
    for line in tried:
        say(line)
    if not works:
        return None
    if question.help:
        say(question.help)
    if question.key == "steady":
        _show_seated(app)
    answer = _prompt(app, question, usual, answers, before)
    if answer == NO and question.if_no:
        say(question.if_no)
    return answer


def _ask_seen(app: "App", question: Question, answers: dict[str, str], before: Before) -> str | None:
    """Show the test notification until it is answered whether it was seen. Return None if it can't be shown."""
    from remind.cli.notify import NO_PRESS, ask_permission
    from remind.desktop.notify.channel import ChannelError
    from remind.desktop.notify.trial import Trial, as_text, pressed_words
    from remind.desktop.notify.unseen import unseen_advice

    advice = unseen_advice(os.environ.get("XDG_CURRENT_DESKTOP", ""), sys.platform)
    ask_permission()
    with closing(Trial(app.channels())) as trial:
        try:
            delivery = trial.show(lasting=True)
        except ChannelError as error:
            say(f"No notification can be shown here now ({error}). {advice}")
            return None
        say(as_text(delivery))
        say(question.help)
        answer = _prompt(app, question, YES, answers, before)
        label = trial.pressed(0)
    say(pressed_words(label) if label else f"No button was pressed. {NO_PRESS}" if answer == YES else advice)
    return answer


def _show_seated(app: "App") -> None:
    """Show the figure on its chair, where the terminal has the characters to draw it."""
    import shutil

    from remind.core.figure import braille
    from remind.core.routine import SEATED, plan
    from remind.settings import routines

    drawable = (sys.stdout.encoding or "").lower().startswith("utf")
    if not drawable or shutil.get_terminal_size().columns < _COLUMNS:
        return
    phases = plan(routines.load(routines.find(SEATED, app.folders.routines)))
    hold = next(phase for phase in phases if phase.kind == "hold")
    pose = routines.poses().get(hold.pose or "")
    picture = braille(pose, hold.side, _COLUMNS, _ROWS) if pose else []
    for line in dropwhile(lambda line: not any(text.strip() for text, _ in line), picture):
        click.echo(
            "".join(click.style(text, bold=True, fg="green") if role == "worked" else text for text, role in line)
        )


def _prompt(app: "App", question: Question, usual: str | None, answers: dict[str, str], before: Before) -> str:
    """Return the checked answer to `question`. Raise _BackError at `back`, and click.Abort at Ctrl-C."""
    from remind.settings.change import NewFaultsError
    from remind.setup import check

    def checked(typed: str) -> str:
        if typed.strip().lower() == "back":
            raise _BackError
        try:
            answer = read_typed(question, typed, usual)
            check(app, {**answers, question.key: answer}, before)
            if question.key == "calendar" and answer:
                check_new_file(full_path(answer), (".ics",), force=False)
        except NewFaultsError as error:
            raise click.UsageError(fitted(" ".join(one.words for one in error.faults), sys.stdout, _ERROR)) from error
        except (ValueError, RemindError) as error:
            raise click.UsageError(fitted(str(error), sys.stdout, _ERROR)) from error
        return answer

    text = fitted(f"{question.text} {_hint(question, usual)}", sys.stdout, ANSWER_ROOM)
    return str(click.prompt(text, default=usual, show_default=False, value_proc=checked))


def _hint(question: Question, usual: str | None) -> str:
    if question.kind == "yes-no":
        return {YES: "[Y/n]", NO: "[y/N]"}.get(usual or "", "[y/n]")
    return f"[{usual or 'none'}]" + (" (or none)" if question.optional and usual else "")


def _carry_out(context: click.Context, answers: dict[str, str], before: Before, no_login: str) -> int:
    """Save the answers, and do what they ask for. Return the exit code: what fails is told, and the rest still done."""
    from remind.setup import save

    app, code = context.obj, ExitCode.DONE
    changed = save(app, answers, before)
    say(f"Saved {app.folders.settings}" if changed else "Your settings stay as they are.")
    if answers.get("limited") == YES and not answers.get("allowed"):
        say(SWITCHED_OFF)
    if no_login:
        tell(no_login)
    for step in _steps(context, answers, before):
        try:
            step()
        except RemindError as error:
            for line in error.lines:
                tell(line)
            code = error.exit_code
    return code


def _steps(context: click.Context, answers: dict[str, str], before: Before) -> Iterator[Callable[[], object]]:
    """Yield the commands that the answers ask for."""
    from remind.cli import phone
    from remind.cli.calendar import calendar
    from remind.cli.service import install, uninstall
    from remind.setup import installed_at_login

    if answers["service"] == YES:
        yield partial(context.invoke, install, force=False)
    elif installed_at_login():
        yield partial(context.invoke, uninstall, force=False)
    if answers.get("calendar"):
        yield partial(context.invoke, calendar, file=full_path(answers["calendar"]), force=False)
    if answers["phone"] == YES and not before.phone:
        yield partial(context.invoke, phone.setup, server=None, yes=False)
    elif answers["phone"] == NO and before.phone:
        yield partial(context.invoke, phone.off)


def _show_test(app: "App") -> None:
    """Show the test notification for a moment, and say how."""
    from remind.desktop.notify.channel import ChannelError
    from remind.desktop.notify.trial import Trial, as_text

    with closing(Trial(app.channels())) as trial:
        try:
            say(f"A test notification: {as_text(trial.show(lasting=False))}")
        except ChannelError as error:
            tell(f"no notification can be shown here now ({error})")

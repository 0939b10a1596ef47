"""Water on the screen: the bar of a day, and the question that comes before a target."""

import sys

import click

from remind.cli.output import ANSWER_ROOM, confirmed, fitted, say
from remind.core.units import format_amount
from remind.core.water_question import AMOUNT, FLUID_LIMIT, QUESTION, SWITCHED_OFF, as_answered, is_asked, read_allowed
from remind.errors import UsageError
from remind.store.key_value import KeyValueStore

_BAR = 20


def water_bar(drunk_ml: int, target_ml: int | None, day: str = "") -> str:
    """Return a day in one line: "[########............] 750 ml of 1.6 L"; without a target the amount alone."""
    if target_ml is None:
        return f"{format_amount(drunk_ml)} {day or 'today'}"
    full = min(_BAR, _BAR * drunk_ml // target_ml)
    amounts = f"{format_amount(drunk_ml)} of {format_amount(target_ml)}"
    return f"[{'#' * full}{'.' * (_BAR - full)}] {amounts} {day}".rstrip()


def with_fluid_question(typed: dict[str, str], key_values: KeyValueStore) -> dict[str, str]:
    """Return the settings `typed` as they may be set: a target for water only after the question about fluid limits.

    The answer is kept in `key_values`. Someone who has to limit fluids sets the clinician's number; without one, water
    reminders are switched off. At a terminal the question comes each time, so that a mistyped answer can be corrected.

    Raises:
        UsageError: there is no terminal to answer at.
    """
    before = key_values.get(FLUID_LIMIT)
    if not is_asked(typed, before, somebody_is_there=sys.stdin.isatty()):
        return typed
    try:
        limited = confirmed(QUESTION, default=None if before is None else before == "yes")
        allowed = _asked_amount() if limited else ""
    except click.Abort:
        click.echo()  # end the line that shows the question
        raise UsageError("water.target: a question about fluid limits comes first. Set it in a terminal.") from None
    key_values.set(FLUID_LIMIT, "yes" if limited else "no")
    return as_answered(typed, before, limited=limited, allowed=allowed)


def _asked_amount() -> str:
    question = fitted(AMOUNT, sys.stdout, ANSWER_ROOM)
    allowed = str(click.prompt(question, default="", show_default=False, value_proc=_amount))
    if not allowed:
        say(SWITCHED_OFF)
    return allowed


def _amount(text: str) -> str:
    try:
        return read_allowed(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error

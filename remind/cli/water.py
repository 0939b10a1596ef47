"""Water on the screen: the bar of a day, and the question that comes before a target."""

import sys

import click

from remind.cli.output import fitted, say
from remind.core.reminders import WaterRule
from remind.core.schema import Millilitres
from remind.core.units import format_amount, parse_amount
from remind.errors import UsageError
from remind.store.key_value import KeyValueStore

_BAR = 20
_ROOM = 10  # columns for an answer
_LIMITED = "fluid_limit"

_QUESTION = "Has anyone told you to limit what you drink, or do you have heart failure, kidney disease or dialysis?"
_AMOUNT = "How much a day did your clinician allow? (Enter if you were given no number)"


def water_bar(drunk_ml: int, target_ml: int | None, day: str = "") -> str:
    """Return a day in one line: "[########............] 750 ml of 1.6 L"; without a target the amount alone."""
    if target_ml is None:
        return f"{format_amount(drunk_ml)} {day or 'today'}"
    full = min(_BAR, _BAR * drunk_ml // target_ml)
    amounts = f"{format_amount(drunk_ml)} of {format_amount(target_ml)}"
    return f"[{'#' * full}{'.' * (_BAR - full)}] {amounts} {day}".rstrip()


def fluid_limit(water: WaterRule, key_values: KeyValueStore) -> Millilitres | None:
    """Return the amount a day that a clinician allowed: the target of a person who has to limit fluids."""
    return water.target if key_values.get(_LIMITED) == "yes" else None


def with_fluid_question(typed: dict[str, str], key_values: KeyValueStore) -> dict[str, str]:
    """Return the settings `typed` as they may be set: a target for water only after the question about fluid limits.

    The answer is kept in `key_values`. Someone who has to limit fluids sets the clinician's number, or water reminders
    are switched off; they are asked again each time, so that a mistyped "y" can be corrected.

    Raises:
        UsageError: nobody is there to answer.
    """
    before = key_values.get(_LIMITED)
    if "water.target" not in typed or before == "no":
        return typed
    try:
        if click.confirm(fitted(_QUESTION, sys.stdout, _ROOM), default=True if before else None):
            typed = _limited(typed)
            key_values.set(_LIMITED, "yes")
        else:
            typed = typed | ({"water.enabled": "true"} if before else {})
            key_values.set(_LIMITED, "no")
        return typed
    except click.Abort:
        click.echo()  # the question stands on a line of its own
        raise UsageError("water.target: a question about fluid limits comes first; set it in a terminal") from None


def _limited(typed: dict[str, str]) -> dict[str, str]:
    rest = {key: value for key, value in typed.items() if key != "water.target"}
    allowed = click.prompt(fitted(_AMOUNT, sys.stdout, _ROOM), default="", show_default=False, value_proc=_amount)
    if allowed:
        return rest | {"water.target": allowed}
    say("Water reminders are now switched off. Keep to what you were told; you can set a number later.")
    return rest | {"water.enabled": "false"}


def _amount(text: str) -> str:
    try:
        return format_amount(parse_amount(text)) if text.strip() else ""
    except ValueError as error:
        raise click.UsageError(str(error)) from error

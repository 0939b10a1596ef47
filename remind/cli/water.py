"""Water on the screen: the day's bar, and the one question that comes before a target."""

import click

from remind.core.units import format_amount, parse_amount
from remind.errors import UsageError
from remind.store.key_value import KeyValueStore

_BAR = 20
_LIMITED = "fluid_limit"

_QUESTION = "Has anyone told you to limit what you drink, or do you have heart failure, kidney disease or dialysis?"
_AMOUNT = "How much a day did your clinician allow? (Enter if you were given no number)"


def water_bar(drunk_ml: int, target_ml: int | None) -> str:
    """The day in one line: "[########............] 750 ml of 1.6 L"; without a target the amount alone."""
    if target_ml is None:
        return f"{format_amount(drunk_ml)} today"
    full = min(_BAR, _BAR * drunk_ml // target_ml)
    return f"[{'#' * full}{'.' * (_BAR - full)}] {format_amount(drunk_ml)} of {format_amount(target_ml)}"


def with_fluid_question(typed: dict[str, str], facts: KeyValueStore) -> dict[str, str]:
    """The settings `typed` as they may be set: a target for water only after the question about fluid limits.

    It is asked once, and its answer kept in `facts`. Who has to limit fluids sets the clinician's number, or
    water reminders go off.

    Raises:
        UsageError: nobody is there to answer.
    """
    if "water.target" not in typed:
        return typed
    try:
        answer = facts.get(_LIMITED)
        if answer is None:
            answer = "yes" if click.confirm(_QUESTION, default=None) else "no"
            facts.set(_LIMITED, answer)
        return typed if answer == "no" else _limited(typed)
    except click.Abort:
        raise UsageError("water.target: a question about fluid limits comes first; set it in a terminal") from None


def _limited(typed: dict[str, str]) -> dict[str, str]:
    rest = {key: value for key, value in typed.items() if key != "water.target"}
    allowed = click.prompt(_AMOUNT, default="", show_default=False, value_proc=_amount)
    if allowed:
        return rest | {"water.target": allowed}
    click.echo("Then water reminders go off; keep to what you were told. A number can be set later.")
    return rest | {"water.enabled": "false"}


def _amount(text: str) -> str:
    try:
        return format_amount(parse_amount(text)) if text.strip() else ""
    except ValueError as error:
        raise click.UsageError(str(error)) from error

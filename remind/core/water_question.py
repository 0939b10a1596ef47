"""The one question before a target for water: a person who has to limit fluids keeps to the clinician's number."""

from remind.core.reminders import WaterRule
from remind.core.schema import Millilitres
from remind.core.units import format_amount, parse_amount

FLUID_LIMIT = "fluid_limit"
"""The key under which the store keeps the answer, "yes" or "no"."""

QUESTION = "Has anyone told you to limit what you drink, or do you have heart failure, kidney disease or dialysis?"
AMOUNT = "How much a day did your clinician allow? (Enter if you were given no number)"
SWITCHED_OFF = "Water reminders are now switched off. Keep to what you were told; you can set a number later."


def is_asked(typed: dict[str, str], before: str | None, *, somebody_is_there: bool) -> bool:
    """Return whether the question comes before the settings `typed`; `before` is the answer of the last time.

    A person is asked again with each target, so that a mistyped answer can be corrected. A script is refused only
    while nobody has answered no.
    """
    return "water.target" in typed and (before != "no" or somebody_is_there)


def as_answered(typed: dict[str, str], before: str | None, *, limited: bool, allowed: str = "") -> dict[str, str]:
    """Return the settings `typed` as they may be set after the answer.

    If a person is `limited`, the target is what their clinician `allowed`. Without that, water is switched off and the
    target is "", none: an earlier one would be taken for the clinician's number.
    """
    if not limited:
        return ({"water.enabled": "true"} if before == "yes" else {}) | typed
    return typed | {"water.target": allowed} | ({} if allowed else {"water.enabled": "false"})


def read_allowed(text: str) -> str:
    """Return the amount `text` as settings hold it; "" if none was given.

    Raises:
        ValueError: it is not an amount.
    """
    return format_amount(parse_amount(text)) if text.strip() else ""


def fluid_limit(water: WaterRule, before: str | None) -> Millilitres | None:
    """Return the amount a day that a clinician allowed: the target of a person who has to limit fluids."""
    return water.target if before == "yes" else None

"""What holds a reminder back, and what a reminder that insists ignores."""

from datetime import timedelta

import pytest
from rules import at, calendar

from remind.core.agenda import agenda
from remind.core.decide import Context, Decision, Presence
from remind.core.reminders import between

TEA = '[reminder.tea]\ntitle = "Tea"\nat = ["16:00"]\n'
QUIET = {
    "do not disturb is on": Presence(do_not_disturb=True),
    "a window is in full screen": Presence(full_screen=True),
}
GONE = {"away from the computer": Presence(away=True), "the screen is locked": Presence(locked=True)}


def when_due(reminder: str, presence: Presence, *, insists: str = "") -> Decision:
    """Return the decision on the first `reminder` of the day when it is due, while the reminder `insists` insists."""
    mark = "insist = true\n"
    own, built_in = (mark, "") if insists == "tea" else ("", f"[{insists}]\n{mark}" if insists else "")
    rules = calendar(TEA + own + built_in)
    due = next(between(rules, reminder, at("00:00"), at("23:59"))).due
    context = Context(rules.zone, presence=presence, insist=rules.insists(reminder))
    return agenda(between(rules, reminder, due, due + timedelta(days=1)), {}, context, due, due)[0].decision


@pytest.mark.parametrize("reminder", ["stretch", "water", "tea"])
@pytest.mark.parametrize("words", QUIET)
def test_a_wish_for_quiet_holds_what_does_not_insist(reminder: str, words: str) -> None:
    """It is held unless this very reminder insists."""
    held = when_due(reminder, QUIET[words])
    assert (held.action, held.state, held.reason) == ("hold", "held", words)
    assert when_due(reminder, QUIET[words], insists=reminder).action == "show"
    assert when_due(reminder, QUIET[words], insists="water" if reminder == "tea" else "tea").action == "hold"


@pytest.mark.parametrize("reminder", ["stretch", "water", "tea"])
@pytest.mark.parametrize("words", GONE)
def test_nobody_insists_to_an_empty_chair(reminder: str, words: str) -> None:
    """Someone who is away, or has a locked screen, would not see it even if it insists."""
    assert when_due(reminder, GONE[words], insists=reminder).reason == words


def test_no_full_screen_is_no_hindrance() -> None:
    """Neither a known no nor an unknown holds a reminder back."""
    for presence in (Presence(full_screen=False), Presence(full_screen=None)):
        assert when_due("stretch", presence).action == "show"

"""Help with a cramp, driven by a clock and keys of its own."""

from collections.abc import Iterator

import pytest

from remind.core.relief import ADVICE, in_full
from remind.core.routine import Phase
from remind.guide.big_digits import large
from remind.guide.relief import KEYS, View, layout, run

PULL = Phase(kind="hold", seconds=30, read="Pull", hear="Pull the toes up.", turn=1, turns=2)
REST = Phase(kind="rest", seconds=5, read="Ease", hear="Let go.")
RUB = Phase(kind="hold", seconds=60, read="Rub", hear="Rub it.")
PHASES = (PULL, REST, PULL, RUB)


class Night:
    """Somebody with a cramp: presses each key at its second, and sees what is shown."""

    def __init__(self, **pressed: float) -> None:
        self.t = 1000.0
        self.pressed = sorted((1000 + at, key) for key, at in pressed.items())
        self.seen: list[tuple[float, View]] = []
        self.rung: list[float] = []

    def wait(self, seconds: float) -> str:
        if self.pressed and self.pressed[0][0] <= self.t + seconds:
            self.t, key = self.pressed.pop(0)
            return {"eased": "\n", "leave": "q"}.get(key, " " if key.startswith("skip") else key)
        self.t += seconds
        return ""

    def go(self) -> float:
        return run(
            PHASES,
            lambda: self.t,
            self.wait,
            lambda view: self.seen.append((self.t - 1000, view)),
            lambda: self.rung.append(round(self.t - 1000)),
        )

    def words_at(self, second: float) -> str:
        return [view.words for at, view in self.seen if at <= second][-1]


def test_the_first_words_and_the_countdown_are_there_at_once() -> None:
    """Before any key is waited for."""
    night = Night(eased=1)
    night.go()
    assert night.seen[0] == (0, View("Pull the toes up.", 30))


def test_it_goes_on_by_itself_and_counts_down_by_the_second() -> None:
    """Each second is shown once, each change of words on time."""
    night = Night(eased=80)
    assert night.go() == pytest.approx(80, abs=0.1)
    assert [view.seconds for _, view in night.seen[:31]] == [*range(30, 0, -1), 5]
    assert [night.words_at(second) for second in (31, 36, 66)] == ["Let go.", "Pull the toes up.", "Rub it."]
    assert night.rung == [30, 35, 65]


def test_one_key_skips_all_repeats_of_a_step() -> None:
    """From the first pull to the rubbing, past the rest and the second pull."""
    night = Night(skip=3, eased=10)
    night.go()
    assert night.words_at(4) == "Rub it."


def test_after_the_last_step_it_begins_again() -> None:
    """By itself or by the key: the cramp may still be there."""
    night = Night(skip1=3, skip2=4, eased=10)
    night.go()
    assert night.words_at(5) == "Pull the toes up."


def test_ten_minutes_bring_the_advice_to_get_help() -> None:
    """Not a second before, and it stays; steps that were skipped make no difference."""
    night = Night(skip=3, eased=700)
    night.go()
    first = next(at for at, view in night.seen if view.advice)
    assert first == pytest.approx(600, abs=1.1)
    assert {view.advice for at, view in night.seen if at > 602} == {ADVICE}


def test_leaving_is_not_easing() -> None:
    """What is raised is what Ctrl-C raises."""
    with pytest.raises(KeyboardInterrupt):
        Night(leave=5).go()


def test_other_keys_do_nothing() -> None:
    """Fumbling in the dark skips nothing."""
    night = Night(x=3, eased=10)
    night.go()
    assert night.words_at(9) == "Pull the toes up."


def test_a_computer_that_slept_goes_on_where_it_was() -> None:
    """The countdown does not stand still afterwards."""
    night = Night(eased=200)
    sleeps: Iterator[float] = iter([90.0])
    wait = night.wait

    def sleepy(seconds: float) -> str:
        night.t += next(sleeps, 0) if night.t > 1010 else 0
        return wait(seconds)

    night.wait = sleepy  # type: ignore[method-assign]
    night.go()
    assert [night.words_at(second) for second in (101, 118, 123)] == [
        "Pull the toes up.",
        "Pull the toes up.",
        "Let go.",
    ]


def test_without_keys_everything_is_reported_at_once() -> None:
    """The advice too."""
    lines = in_full(PHASES)
    assert lines[0] == "30 s  Pull the toes up."
    assert lines[-1] == "If the cramp lasts longer than 10 min: get medical help."


LONG = "Straighten the knee. Pull the toes toward the shin, by hand or with a towel. Do not point them."


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("size", [(119, 40), (79, 24), (59, 14), (39, 12), (19, 6), (19, 4), (9, 2)])
@pytest.mark.parametrize("advice", ["", ADVICE])
def test_the_seconds_are_there_at_any_size(size: tuple[int, int], advice: str, plain: bool) -> None:
    """As large digits where there is room for the words and the digits, otherwise at the start of the first line."""
    lines = layout(View(LONG, 30, advice), *size, plain=plain)
    assert len(lines) <= size[1]
    assert max(map(len, lines)) <= size[0]
    if size >= (59, 14):
        digits = next(
            drawn
            for rows in range(10, 2, -1)
            if (drawn := large("30", size[0], rows, plain=plain)) and drawn[0] in lines
        )
        first = lines.index(digits[0])
        assert tuple(lines[first : first + len(digits)]) == digits
        text = " ".join(lines)
        assert all(words in text for words in (LONG[:19], advice[:19], KEYS[:19]))
    elif not large("30", size[0], size[1], plain=plain):
        assert lines[0].startswith("30 s")


def test_no_digit_is_so_large_that_it_lights_up_the_room() -> None:
    """At most ten lines, however large the terminal is."""
    assert len(layout(View("Rub it.", 8), 200, 60)) <= 10 + 2 + 2

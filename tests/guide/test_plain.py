"""The plain guide, with a clock moved by its own waiting."""

import signal
from collections.abc import Callable, Iterator

import pytest
from screens import HandClock, guidance_of

from remind.core.session import Session
from remind.guide import plain
from remind.guide.controls import Keys


class Run:
    """One run of the plain guide; `keys` are pressed at their seconds, and a wait moves the clock."""

    def __init__(self, name: str, keys: dict[float, str] | None = None, some: bool = True, bell: bool = True) -> None:
        self.clock = HandClock()
        self.begun = self.clock.t
        self.lines: list[str] = []
        self.bells: list[tuple[float, int]] = []
        self.ended: Session
        self._keys = dict(keys or {})
        self._guidance = guidance_of(name, self.clock, bell)
        self._some = some
        self.say: Callable[[str], None] = self.lines.append
        self.during: Callable[[float], None] = lambda _t: None

    def go(self) -> "Run":
        self.ended = plain.run(self._guidance, self.say, Keys(self._wait, self._some), self._ring)
        return self

    def _wait(self, seconds: float) -> str:
        now = self.clock.t - self.begun
        due = min((at for at in self._keys if at <= now + seconds), default=None)
        self.clock.t = self.begun + (now + seconds if due is None else max(now, due))
        self.during(self.clock.t - self.begun)
        return "" if due is None else self._keys.pop(due)

    def _ring(self, times: int) -> None:
        self.bells.append((round(self.clock.t - self.begun), times))


@pytest.fixture(autouse=True)
def handlers_stay() -> Iterator[None]:
    """Every run gives the signals back as they were."""
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    yield
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before


def test_each_change_is_one_line() -> None:
    """The wall stretch is a heading and a line for each of its nine phases, with side, time and words."""
    run = Run("wall-calf").go()
    assert len(run.lines) == 10
    assert run.lines[2].startswith("Hold 1 of 4, both legs, 30 s: Lean in. Heels down")
    assert run.ended.complete


def test_a_session_takes_as_long_as_its_plan() -> None:
    """195 seconds of plan take 195 seconds of the clock, with no drift from waking late."""
    run = Run("wall-calf").go()
    assert run.clock.t - run.begun == pytest.approx(195, abs=0.05)


def test_the_bell_counts_in_each_hold_and_is_another_at_the_end() -> None:
    """One bell for 3, 2, 1 and the beginning of a hold, two when it ends, three at the very end."""
    bells = Run("three-a-day").go().bells
    assert bells[:5] == [(7, 1), (8, 1), (9, 1), (10, 1), (20, 2)]
    assert bells[-1] == (50, 3)


def test_without_the_bell_it_is_silent() -> None:
    """Nothing rings when the bell is off."""
    assert Run("three-a-day", bell=False).go().bells == []


def test_the_keys_pause_go_on_skip_repeat_and_end() -> None:
    """A line for each key, and at the end what was held until then."""
    run = Run("wall-calf", {1: "n", 11: " ", 100: " ", 101: "b", 103: "N", 104: "q"}).go()
    assert run.lines[3:] == [
        "Paused with 20 s left. Press space to continue.",
        "Continuing, 20 s left.",
        run.lines[2],
        "Rest, 15 s: Ease off. Let go, and breathe.",
    ]
    assert run.ended.held_s == pytest.approx(10 + 1 + 2, abs=0.05)


def test_after_sleep_it_pauses_and_says_so() -> None:
    """Hours without a tick are not held; space goes on from there."""
    run = Run("wall-calf", {1: "n", 40000: " "})
    run.during = lambda t: setattr(run.clock, "t", run.begun + 30000) if 5 < t < 100 else None
    run.go()
    assert "The computer was asleep or stopped. Paused with 27 s left. Press space to continue." in run.lines
    assert run.ended.held_s == pytest.approx(120, abs=0.05)


def test_after_sleep_without_keys_it_ends() -> None:
    """Without keys a pause would never end, so the session ends."""
    run = Run("wall-calf", some=False)
    run.during = lambda t: setattr(run.clock, "t", run.begun + 30000) if 20 < t < 100 else None
    run.go()
    assert run.lines[-1].startswith("The computer was asleep or stopped")
    assert run.ended.held_s == pytest.approx(4, abs=0.05)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_what_was_held(signum: signal.Signals) -> None:
    """Ctrl-C, a service manager's stop and a closed window all hand over the part that was held."""
    run = Run("wall-calf", {1: "n"})
    run.during = lambda t: signal.raise_signal(signum) if t > 11 else None
    run.go()
    assert round(run.ended.held_s) == 10


def test_a_reader_that_goes_away_loses_nothing() -> None:
    """When a line cannot be written the session ends with what was held."""
    run = Run("wall-calf", {1: "n"})

    def closed(line: str) -> None:
        if line.startswith("Rest"):
            raise BrokenPipeError

    run.say = closed
    assert round(run.go().ended.held_s) == 30

"""The session's screen, driven by Textual's pilot with a clock moved by hand."""

import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from picture import same_as_kept, svg_of, text_of
from screens import HandClock, guidance_of
from textual.pilot import Pilot

from remind.core.session import Session
from remind.guide.big_digits import large
from remind.guide.terminal import SessionScreen

SNAPSHOTS = Path(__file__).parent / "snapshots"
PICTURE = Path(__file__).parents[2] / ".github" / "session.svg"


class Shown:
    """A screen that is running."""

    def __init__(self, name: str, plain_digits: bool = False) -> None:
        self.clock = HandClock()
        self.bells = 0
        self.screen = SessionScreen(guidance_of(name, self.clock), plain_digits)
        self.screen.bell = self._rung  # type: ignore[method-assign]
        self.pilot: Pilot[None]

    def _rung(self) -> None:
        self.bells += 1

    async def pass_s(self, seconds: float) -> None:
        """Let `seconds` pass with a tick for each, as with the screen's own timer."""
        for _ in range(round(seconds)):
            self.clock.t += 1
            self.screen.advance()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    @property
    def text(self) -> str:
        return text_of(self.screen)

    @property
    def session(self) -> Session:
        assert self.screen.session is not None
        return self.screen.session


@asynccontextmanager
async def shown(
    name: str = "wall-calf", size: tuple[int, int] = (80, 24), plain_digits: bool = False
) -> AsyncIterator[Shown]:
    one = Shown(name, plain_digits)
    async with one.screen.run_test(size=size) as pilot:
        one.pilot = pilot
        await pilot.pause()
        yield one


async def at_moment(one: Shown, moment: str) -> None:
    """Bring a session of the wall stretch to a moment that is kept as a snapshot."""
    if moment == "notice":
        await one.pass_s(13)
    elif moment == "hold":
        await one.pass_s(65)
    elif moment == "paused":
        await one.pass_s(65)
        await one.press("space")
    elif moment == "help":
        await one.press("question_mark")
    await one.pilot.pause()


SIZES = {"80x24": (80, 24), "40x12": (40, 12), "120x40": (120, 40)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("moment", ["ready", "notice", "hold", "paused", "help"])
async def test_the_screen_is_as_it_was_kept(moment: str, size: str) -> None:
    """At three sizes and five moments the screen is the one that was looked at and kept."""
    async with shown(size=SIZES[size]) as one:
        await at_moment(one, moment)
        assert same_as_kept(SNAPSHOTS / f"{moment}-{size}.txt", one.text)


@pytest.mark.parametrize("size", SIZES)
async def test_plain_digits_need_no_special_font(size: str) -> None:
    """Without blocks, lines and braille the digits are still large; every character is in Latin-1."""
    async with shown(size=SIZES[size], plain_digits=True) as one:
        await at_moment(one, "hold")
        one.text.encode("latin-1")
        assert same_as_kept(SNAPSHOTS / f"plain-{size}.txt", one.text)


async def test_left_and_right_change_places() -> None:
    """One leg at a time: the side is shown in large letters, and the other leg of the figure is marked."""
    async with shown("wall-calf-single") as one:
        await one.pass_s(20)
        left = one.text
        await one.pass_s(40)
        assert same_as_kept(SNAPSHOTS / "left-80x24.txt", left)
        assert same_as_kept(SNAPSHOTS / "right-80x24.txt", one.text)


async def test_without_colour_the_same_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR every word, digit and dot is the same, and no colour is left."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with shown() as one:
        await at_moment(one, "hold")
        assert same_as_kept(SNAPSHOTS / "hold-80x24.txt", one.text)
        for strip in one.screen.screen._compositor.render_strips():
            for segment in strip.apply_filter(one.screen._filters[-1], one.screen.styles.background):
                for color in filter(None, (segment.style.color, segment.style.bgcolor)):
                    red, green, blue = color.get_truecolor()
                    assert red == green == blue


async def test_the_readme_picture_is_the_present_screen() -> None:
    """The picture is drawn from a real session in the middle of its second hold."""
    async with shown() as one:
        await at_moment(one, "hold")
        title = "A guided wall stretch in the terminal: lean in, both legs, 25 seconds left"
        assert same_as_kept(PICTURE, svg_of(one.screen, title))


async def test_the_keys_do_what_they_say() -> None:
    """Space pauses and goes on, n moves on, b goes back."""
    async with shown() as one:
        await one.press("n")
        await one.pass_s(10)
        await one.press("space")
        one.clock.t += 600
        await one.press("space")
        assert (one.session.index, one.session.left_s) == (1, 20)
        await one.press("b")
        assert (one.session.index, one.session.left_s) == (1, 30)
        await one.press("n")
        assert one.session.phase.kind == "rest"


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_ending_keeps_the_part_that_was_held(key: str) -> None:
    """q and Ctrl-C end the session at once, even over the help, and a second time changes nothing."""
    async with shown() as one:
        await one.press("n")
        await one.pass_s(10)
        await one.press("question_mark", key, key)
        assert (one.session.state, round(one.session.held_s), one.session.finished) == ("over", 10, False)


async def test_a_signal_before_the_first_picture_ends_it() -> None:
    """A window that is closed at once leaves no invisible session behind."""
    one = Shown("wall-calf")
    one.screen.end_soon()
    async with one.screen.run_test() as pilot:
        await pilot.pause()
        assert (one.session.state, one.session.held_s) == ("over", 0)


async def test_a_signal_at_any_instant_closes_the_screen() -> None:
    """Its handler runs in whatever context it interrupts, also in one that Textual knows nothing of."""
    async with shown() as one:
        await one.pass_s(20)
        contextvars.Context().run(one.screen.end_soon)
        await one.pilot.pause(1.2)
        assert one.session.state == "over"
        assert not one.screen.is_running


async def test_a_session_to_the_end_is_complete_and_closes_the_screen() -> None:
    """After 195 seconds the whole was held and the screen goes away by itself."""
    async with shown() as one:
        await one.pass_s(195)
        assert (one.session.state, one.session.complete) == ("over", True)
        await one.pilot.pause(1.2)
        assert not one.screen.is_running


async def test_bells_are_rung_apart() -> None:
    """One for each second of notice and for the beginning, two for the end of a hold."""
    async with shown("three-a-day") as one:
        await one.pass_s(10)
        assert one.bells == 4
        await one.pass_s(10)
        assert one.bells == 5
        await one.pilot.pause(0.4)
        assert one.bells == 6


async def test_help_pauses_and_goes_on() -> None:
    """While the help is read nothing counts; closing it goes on, unless it was paused before."""
    async with shown() as one:
        await one.press("n", "question_mark")
        assert "clear wall" in one.text
        one.clock.t += 100
        await one.press("escape")
        await one.pilot.pause()
        assert (one.session.state, one.session.held_s) == ("running", 0)
        await one.press("space", "question_mark", "escape")
        await one.pilot.pause()
        assert one.session.state == "paused"


async def test_after_sleep_it_is_paused_and_says_so() -> None:
    """A tick that comes hours late pauses; space goes on with what was left."""
    async with shown() as one:
        await one.press("n")
        await one.pass_s(10)
        one.clock.t += 9000
        one.screen.advance()
        await one.pilot.pause()
        assert "The computer was asleep or stopped" in one.text
        await one.press("space")
        assert (one.session.state, one.session.left_s) == ("running", 20)


async def test_any_size_is_survived() -> None:
    """From one cell to a wall of a screen and back, in the middle of a session."""
    async with shown() as one:
        for size in ((1, 1), (10, 3), (300, 90), (20, 60), (80, 24)):
            await one.pilot.resize_terminal(*size)
            await one.pass_s(3)
        assert one.session.state == "running"
        assert "to go" in one.text


@pytest.mark.parametrize("size", [(20, 4), (20, 5), (20, 6), (24, 8), (40, 9), (30, 11)])
@pytest.mark.parametrize("name", ["wall-calf", "wall-calf-single"])
async def test_the_countdown_is_there_at_any_size(name: str, size: tuple[int, int]) -> None:
    """From 20 × 4 on the words, the leg and the seconds can be read; with six lines they are built from blocks."""
    async with shown(name, size=size) as one:
        await one.pass_s(20)
        side = str(one.session.phase.side)
        assert one.session.phase.read.upper() in one.text
        assert side == "both" or side.upper() in one.text
        seconds = str(one.session.shown_s)
        drawn = [large(seconds, size[0], rows) for rows in range(3, size[1])]
        from_blocks = any(lines[0] in one.text and lines[-1] in one.text for lines in drawn if lines)
        assert from_blocks if size[1] >= 6 else from_blocks or f"\n{seconds}" in one.text


async def test_a_second_draws_only_the_lines_that_changed() -> None:
    """While a second passes the words, the side, the figure and the next line are not drawn again."""
    async with shown() as one:
        await one.pass_s(65)
        drawn: list[str] = []
        for widget in one.screen.query("#words, #side, #figure, #hear, #next, #keys, #digits"):
            render = widget.render
            widget.render = lambda render=render, name=str(widget.id): (drawn.append(name), render())[1]  # type: ignore[method-assign]
        await one.pass_s(1)
        assert drawn == ["digits"]

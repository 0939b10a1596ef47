"""What the guides share: the clock that counts the time asleep."""

import pytest

from remind.guide.guidance import counting_sleep


class Computer:
    """A monotonic and a wall clock; asleep, only the wall clock goes on."""

    def __init__(self) -> None:
        self.monotonic, self.wall = 50.0, 1_800_000_000.0

    def awake(self, seconds: float, wall_off: float = 0.0) -> None:
        self.monotonic += seconds
        self.wall += seconds + wall_off

    def asleep(self, seconds: float) -> None:
        self.wall += seconds


def test_sleep_passes_though_the_monotonic_clock_stands_still() -> None:
    """Ten seconds awake and an hour asleep are an hour and ten seconds."""
    computer = Computer()
    clock = counting_sleep(lambda: computer.monotonic, lambda: computer.wall)
    begun = clock()
    computer.awake(10)
    assert clock() - begun == pytest.approx(10)
    computer.asleep(3600)
    assert clock() - begun == pytest.approx(3610)
    computer.awake(5)
    assert clock() - begun == pytest.approx(3615)


def test_a_wall_clock_that_is_corrected_is_not_followed() -> None:
    """Half a second forward each minute for an hour, and a whole hour back, leave the session's time alone."""
    computer = Computer()
    clock = counting_sleep(lambda: computer.monotonic, lambda: computer.wall)
    begun = clock()
    for _ in range(60):
        computer.awake(60, wall_off=0.5)
        clock()
    computer.awake(1, wall_off=-3600)
    assert clock() - begun == pytest.approx(3601)

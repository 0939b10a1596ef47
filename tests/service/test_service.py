"""The service in this process, on a machine whose monotonic clock goes on while it sleeps."""

from datetime import datetime
from pathlib import Path

import time_machine
from simulated_service import ZONE, Simulated, Stepped, Witness

from remind.service.service import Service


def test_a_look_round_wakes_the_scheduler_only_for_what_is_due(tmp_path: Path) -> None:
    """Where no clock tells of a sleep it finds what became due in it; where nothing did, it lets all threads be."""
    app, scheduler = Simulated(tmp_path, Witness(tmp_path / "witness", 0)), Stepped()
    with time_machine.travel(datetime(2026, 11, 24, 21, tzinfo=ZONE), tick=False) as clock:
        service = Service(app, scheduler)
        service.start()
        scheduler.step()
        scheduler.woken = 0
        clock.move_to(datetime(2026, 11, 24, 21, 59, tzinfo=ZONE))
        service.look_round()
        assert scheduler.woken == 0
        clock.move_to(datetime(2026, 11, 24, 22, 50, tzinfo=ZONE))
        service.look_round()
        assert scheduler.woken == 1
        scheduler.step()
        assert list(app.bubbles.standing) == ["stretch/2026-11-24"]
        service.stop()

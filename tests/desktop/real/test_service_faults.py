"""The real service while bus or server fail around bedtime: one notification in its window, or a recorded reason."""

from datetime import timedelta

from evening import Desktop
from service_process import Running
from virtual_desktop import eventually


def test_no_bus_at_login(desktop: Desktop) -> None:
    """A service that started before the bus shows once what was due meanwhile."""
    with Running(desktop.home).ready() as service:
        desktop.fails(service)
        desktop.log_in()
        desktop.comes(service, "22:01:01")
        desktop.is_shown_once()


def test_the_bus_is_killed_and_started_again(desktop: Desktop) -> None:
    """What was due meanwhile is shown once, on the new bus."""
    desktop.log_in()
    with Running(desktop.home).ready() as service:
        desktop.end()
        desktop.fails(service)
        desktop.log_in()
        desktop.comes(service, "22:01:01")
        desktop.is_shown_once()


def test_the_server_is_killed_and_started_again(desktop: Desktop) -> None:
    """What was due meanwhile is shown once, by the new server."""
    desktop.log_in()
    with Running(desktop.home).ready() as service:
        desktop.server.kill()
        desktop.fails(service)
        desktop.server.start()
        desktop.comes(service, "22:01:01")
        desktop.is_shown_once()


def test_the_server_is_killed_with_its_notification(desktop: Desktop) -> None:
    """A notification lost with its server is shown again at its repeat, and can be answered then."""
    desktop.log_in()
    with Running(desktop.home).ready() as service:
        desktop.comes(service, "22:00:01")
        eventually(lambda: desktop.server.showing() == 1)
        desktop.server.kill()
        desktop.server.start()
        desktop.comes(service, "22:10:01")
        first, second = eventually(lambda: len(shown := desktop.shown()) == 2 and shown)
        assert second - first > timedelta(minutes=9)
        assert desktop.server.showing() == 1
        desktop.server.press("skipped")
        assert desktop.answered()["answer"] == "skipped"


def test_a_server_that_does_not_reply_in_time(desktop: Desktop) -> None:
    """When it continues, there is one notification, however often it was asked for."""
    desktop.log_in()
    with Running(desktop.home).ready() as service:
        desktop.server.hang()
        desktop.fails(service)
        desktop.server.recover()
        desktop.comes(service, "22:01:01")
        desktop.is_shown_once()


def test_a_server_that_never_replies(desktop: Desktop) -> None:
    """The ledger records that it was not shown, and why."""
    desktop.log_in()
    with Running(desktop.home).ready() as service:
        desktop.server.hang()
        desktop.fails(service)
        desktop.comes(service, "23:31:00")
        assert "no answer in time" in desktop.missed()["reason"]
        assert service.end() == 0

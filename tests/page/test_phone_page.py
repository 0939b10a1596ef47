"""The phone's page: connecting it in a browser over a real server, and what is told over HTTP."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from browsing import becomes
from ntfy_server import NtfyServer
from playwright.sync_api import Page, expect
from served import Served
from virtual_desktop import eventually
from visitor import Visitor

from remind import phone
from remind.core.reminders import Occurrence

Open = Callable[..., Page]
FRESH = {"sound": {"voice": True}}


@pytest.fixture
def ntfy(served: Served) -> Iterator[NtfyServer]:
    """The server that the phone hears, with the clock of the page."""
    one = NtfyServer()
    one.model.clock = lambda: served.app.now().timestamp()
    yield one
    one.end()


def at(ntfy: NtfyServer) -> str:
    return f"http://127.0.0.1:{ntfy.server_port}"


def test_a_press_connects_it(served: Served, ntfy: NtfyServer, opened: Open) -> None:
    """The page shows a code and the topic, sends the test message, and saves the topic when its button is pressed."""
    page = opened("/phone")
    page.click("#own-server summary")
    page.fill("#phone-server", at(ntfy))
    page.click("text=Begin")
    expect(page.locator(".code svg path")).to_have_count(2)
    topic = page.inner_text(".topic")
    assert served.own == FRESH
    page.click("[data-test]")
    expect(page.locator("#said")).to_contain_text('Press "It works" on your phone.')
    ntfy.press(phone.BUTTON)
    expect(page.locator("#connect-title")).to_have_text("Your phone is set up")
    expect(page.locator("#said")).to_contain_text("Your press came back after ")
    assert served.own == FRESH | {"phone": {"ntfy": f"{at(ntfy)}/{topic}"}}
    assert served.site.new_phone is None
    page.check("#phone-ahead")
    page.click("#switches button")
    eventually(lambda: served.own["phone"].get("ahead") is True)


def test_the_code_can_be_scanned_at_night(opened: Open, served: Served) -> None:
    """It is dark on light also where the page is dark, and large enough."""
    served.began += timedelta(hours=9)
    page = opened("/phone")
    page.click("text=Begin")
    page.wait_for_selector(".code")
    box = page.locator(".code").bounding_box()
    assert box is not None
    assert box["width"] >= 200
    colors = page.evaluate("[...document.querySelectorAll('.code path')].map(one => getComputedStyle(one).fill)")
    assert colors[0] == "rgb(255, 255, 255)"
    becomes(page, "getComputedStyle(document.querySelector('.code')).backgroundColor === 'rgb(255, 255, 255)'")


class TestWithoutAPress:
    """Over HTTP."""

    def test_it_says_what_to_look_at(
        self, served: Served, visitor: Visitor, ntfy: NtfyServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The topic isn't saved, unless the person says so."""
        monkeypatch.setattr(phone, "PRESS_LIMIT_S", 0.2)
        told: list[dict[str, Any]] = []
        monkeypatch.setattr(served.site.tabs, "tell", lambda _, news: told.append(news))
        assert "said" in visitor.sends("/phone/new", server=at(ntfy))
        assert visitor.post("/phone/test", {}).status == 204
        eventually(lambda: any(news.get("ended") for news in told))
        assert "No press came back" in told[-1]["tried"]
        assert served.own == FRESH
        assert visitor.sends("/phone/keep")["said"].startswith("Saved.")
        assert served.own["phone"]["ntfy"].startswith(f"{at(ntfy)}/remind-")

    def test_a_server_that_refuses_is_told(
        self, served: Served, visitor: Visitor, ntfy: NtfyServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With the reason."""
        told: list[dict[str, Any]] = []
        monkeypatch.setattr(served.site.tabs, "tell", lambda _, news: told.append(news))
        ntfy.behaviour = "403"
        visitor.sends("/phone/new", server=at(ntfy))
        visitor.post("/phone/test", {})
        eventually(lambda: any(news.get("ended") for news in told))
        assert "could not be sent (127.0.0.1" in told[-1]["tried"]

    def test_what_makes_no_sense_is_refused(self, served: Served, visitor: Visitor) -> None:
        """A server that is none, and a topic that nobody began with."""
        assert "is not the address of a server" in visitor.sends("/phone/new", server="ntfy")["faults"]["server"]
        assert visitor.sends("/phone/keep") == {"error": "The topic is gone. Begin again."}
        assert served.own == FRESH


def test_what_happened_last_is_there(served: Served, visitor: Visitor) -> None:
    """With the switches as they are set, and without JavaScript too."""
    served.folders.settings.write_text('[phone]\nntfy = "https://ntfy.example.org/x"\ndiscreet = true\n')
    due = served.app.now() - timedelta(hours=1)
    occurrence = Occurrence("water/2026-11-22T11:00", "water", due.date(), due, due + timedelta(hours=1))
    served.do(lambda: served.app.store.ledger.note(occurrence, "phoned", due, served.app.zone))
    page = " ".join(visitor.reads("/phone").split())
    assert "<span>Sent last</span><span>water, 11:00</span>" in page
    assert "through ntfy.example.org" in page
    assert 'name="discreet" type="checkbox" checked' in page
    assert 'name="ahead" type="checkbox" aria' in page
    assert "See what was sent" in visitor.reads("/settings")


def test_other_pages_are_answered_while_it_moves_to_another_server(
    served: Served, visitor: Visitor, ntfy: NtfyServer
) -> None:
    """What waits at the old server is withdrawn, which may hang."""
    old = NtfyServer()
    old.behaviour = "hang"
    served.folders.settings.write_text(f'[phone]\nntfy = "{old.address()}"\n')
    now = served.app.now()
    due = now + timedelta(hours=1)
    occurrence = Occurrence("stretch/2026-11-22", "stretch", due.date(), due, due + timedelta(hours=1))
    served.do(lambda: served.app.store.ledger.note(occurrence, "phone-scheduled", now, served.app.zone, until=due))
    visitor.sends("/phone/new", server=at(ntfy))
    keeping = threading.Thread(target=visitor.sends, args=["/phone/keep"])
    keeping.start()
    eventually(lambda: old.requests)
    visitor.reads("/today")
    assert keeping.is_alive()
    old.end()
    keeping.join(20)
    assert served.own["phone"]["ntfy"].startswith(at(ntfy))


def test_it_is_switched_off(served: Served, visitor: Visitor, ntfy: NtfyServer) -> None:
    """And can be set up again."""
    for _ in range(2):
        visitor.sends("/phone/new", server=at(ntfy))
        visitor.sends("/phone/keep")
        assert "Unsubscribe" in visitor.sends("/phone/off")["said"]
        assert served.own["phone"] == {}

"""Today: the night, the evening's stretch and water, over HTTP; and in the browser what only a browser shows."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served import NOON, Served
from visitor import Visitor

from remind.core.diary import Cramp, Drink, QuietNight, Stretch
from remind.store.diary import new_id

Open = Callable[..., Page]
NIGHT = "2026-11-21"
"""The night before noon of 22 November."""


def text(html: str, section: str = "main") -> str:
    """The words of one section of a page, without its marks."""
    found = re.search(rf'<(section|main) id="{section}".*?</\1>', html, re.DOTALL)
    assert found, section
    return " ".join(re.sub("<[^>]+>", " ", found[0]).split())


def at(served: Served, clock: str) -> None:
    """Set the clock to a time of 22 November."""
    hour, minute = map(int, clock.split(":"))
    served.began = NOON.replace(hour=hour, minute=minute)


class TestNight:
    def test_a_quiet_night_is_one_tap(self, served: Served, visitor: Visitor) -> None:
        """The question goes, the entry is there, and a second tap logs nothing twice."""
        assert "How was the night to Sunday, 22 November?" in visitor.reads("/today")
        assert visitor.sends("/today/quiet", night=NIGHT)["said"].startswith(
            "Logged: night of Sat 21 Nov 2026, no cramp"
        )
        assert visitor.sends("/today/quiet", night=NIGHT)["said"].startswith("Already logged")
        (entry,) = served.diary()
        assert isinstance(entry, QuietNight)
        assert "How was" not in text(visitor.reads("/today"), "night")

    def test_a_cramp_needs_a_time(self, served: Served, visitor: Visitor) -> None:
        """No time is made up: it is asked for beside its field."""
        told = visitor.sends("/today/cramp", night=NIGHT, when="about", clock="")
        assert told == {"faults": {"clock": "Say about when it was, or choose “I don't know when”."}}
        assert served.diary() == []

    def test_a_cramp_at_about_a_time(self, served: Served, visitor: Visitor) -> None:
        """A time before noon is of the morning after, a later one of the evening."""
        visitor.sends("/today/cramp", night=NIGHT, when="about", clock="03:10", leg="left", severity="6")
        visitor.sends("/today/cramp", night=NIGHT, when="about", clock="23:40")
        cramps = [one for one in served.diary() if isinstance(one, Cramp)]
        assert [f"{one.at:%d %H:%M}" for one in cramps] == ["21 23:40", "22 03:10"]
        assert (cramps[1].leg, cramps[1].severity) == ("left", 6)

    def test_a_cramp_at_a_time_that_nobody_knows(self, served: Served, visitor: Visitor) -> None:
        """It belongs to its night, and no time is made up."""
        said = visitor.sends("/today/cramp", night=NIGHT, when="unknown", count="2", disturbance="7")["said"]
        assert said == "Logged: night of Sat 21 Nov 2026, 2 cramps, sleep disturbed 7 of 10."
        (cramp,) = served.diary()
        assert isinstance(cramp, Cramp)
        assert (cramp.at, f"{cramp.night}", cramp.count, cramp.note) == (None, NIGHT, 2, "")
        assert "The night to Sunday, 22 November 2 cramps" in text(visitor.reads("/today"), "night")

    @pytest.mark.parametrize(
        ("fields", "name", "words"),
        [
            ({"clock": "half three"}, "clock", "is not a time of day"),
            ({"clock": "11:59", "night": "2026-11-22"}, "clock", "is still to come"),
            ({"clock": "03:10", "severity": "11"}, "severity", "is not a whole number from 0 to 10"),
            ({"clock": "03:10", "severity": "-1"}, "severity", "is not a whole number"),
            ({"clock": "03:10", "minutes": "1441"}, "minutes", "from 0 to 1440"),
            ({"clock": "03:10", "leg": "third"}, "leg", "is not one of left, right, both"),
            ({"clock": "03:10", "place": "toe"}, "place", "is not one of calf, foot, thigh"),
            ({"clock": "03:10", "count": "21"}, "count", "from 1 to 20"),
            ({"clock": "03:10", "count": "0"}, "count", "from 1 to 20"),
            ({"clock": "03:10", "disturbance": "11"}, "disturbance", "from 0 to 10"),
            ({"clock": "03:10", "soreness": "bad"}, "soreness", "from 0 to 10"),
            ({"clock": "03:10", "note": "a\nb"}, "note", "The note must be one line"),
            ({"clock": "03:10", "note": "x" * 2001}, "note", "at most 2000 characters"),
        ],
        ids=lambda one: str(one)[:40],
    )
    def test_what_is_wrong_is_told_beside_its_field(
        self, served: Served, visitor: Visitor, fields: dict[str, str], name: str, words: str
    ) -> None:
        """In the words of the command line, and nothing is logged."""
        told = visitor.sends("/today/cramp", **{"night": NIGHT, "when": "about", **fields})
        assert list(told["faults"]) == [name]
        assert words in told["faults"][name]
        assert served.diary() == []

    def test_a_cramp_makes_a_quiet_night_impossible(self, visitor: Visitor) -> None:
        """And the other way round the cramp counts, which the page says."""
        visitor.sends("/today/quiet", night=NIGHT)
        said = visitor.sends("/today/cramp", night=NIGHT, when="about", clock="03:10")["said"]
        assert said.endswith("That night was logged as one without a cramp. The cramp counts now.")
        assert "That night has a cramp: 03:10, cramp." in visitor.sends("/today/quiet", night=NIGHT)["error"]

    def test_the_same_cramp_twice(self, served: Served, visitor: Visitor) -> None:
        """It is not logged again; one that says something else is refused."""
        cramp = {"night": NIGHT, "when": "about", "clock": "03:10"}
        visitor.sends("/today/cramp", **cramp)
        assert visitor.sends("/today/cramp", **cramp)["said"].startswith("Already logged: 03:10, cramp.")
        assert "You can edit it in the diary." in visitor.sends("/today/cramp", **cramp, severity="3")["error"]
        assert len(served.diary()) == 1

    def test_before_waking_the_night_is_not_over(self, served: Served, visitor: Visitor) -> None:
        """It can be logged as quiet only by who says to be up; a cramp of it can be logged at once."""
        at(served, "03:30")
        page = visitor.reads("/today")
        assert "How is the night to Sunday, 22 November?" in page
        assert "lasts until 07:00" in page
        assert "lasts until 07:00" in visitor.sends("/today/quiet", night=NIGHT)["faults"]["night"]
        assert "said" in visitor.sends("/today/quiet", night=NIGHT, over=True)
        assert "said" in visitor.sends("/today/cramp", night=NIGHT, when="about", clock="03:10")

    def test_a_night_that_is_still_to_come(self, served: Served, visitor: Visitor) -> None:
        """It is refused, since nothing can have happened then; in the one that runs, something can."""
        at(served, "01:30")
        told = visitor.sends("/today/cramp", night="2026-11-22", when="unknown")
        assert told["faults"]["when"] == "That night is still to come."
        assert "said" in visitor.sends("/today/cramp", night=NIGHT, when="unknown")

    def test_a_night_that_is_none(self, visitor: Visitor) -> None:
        """It is refused in one line, whoever sends it."""
        for night in ("", "x", "0001-01-01", "9999-12-31", "2026-11-21T00:00"):
            for when, clock in (("unknown", ""), ("about", "03:10")):
                told = visitor.post("/today/cramp", {"night": night, "when": when, "clock": clock})
                assert told.status in (400, 422)
                assert told.text.count("\n") <= 1  # type: ignore[attr-defined]


class TestEvening:
    def test_before_noon_it_can_only_be_looked_at(self, served: Served, visitor: Visitor) -> None:
        """The state and its reason are there, as `remind status` has them."""
        at(served, "09:00")
        words = text(visitor.reads("/today"), "evening")
        about = "(bedtime 22:30; rings up to 3 times, 10 min apart)"
        assert f"22:00 Stretch before bed {about} Open Due at 22:00." in words
        assert "Done already" not in words

    @pytest.mark.parametrize(("answer", "words"), [("done", "Marked as done"), ("skipped", "Skipped for tonight")])
    def test_from_noon_it_can_be_answered_ahead(self, visitor: Visitor, answer: str, words: str) -> None:
        """As `remind done` and `remind skip` do; afterwards there is nothing to answer."""
        assert "Snooze" not in text(visitor.reads("/today"), "evening")
        said = visitor.sends("/today/answer", answer=answer, occurrence="stretch/2026-11-22")["said"]
        assert said.startswith(words)
        after = text(visitor.reads("/today"), "evening")
        assert f"Answered {answer.capitalize()} at 12:00." in after
        assert "Skip tonight" not in after
        assert "not due now" in visitor.sends("/today/answer", answer=answer, occurrence="stretch/2026-11-22")["error"]

    def test_it_can_be_snoozed_once_it_is_due(self, served: Served, visitor: Visitor) -> None:
        """By the length in the settings, which the button names."""
        told = visitor.sends("/today/answer", answer="snoozed", occurrence="stretch/2026-11-22")
        assert "not due now" in told["error"]
        at(served, "22:05")
        assert "Snooze 10 min" in text(visitor.reads("/today"), "evening")
        said = visitor.sends("/today/answer", answer="snoozed", occurrence="stretch/2026-11-22")["said"]
        assert said == "Snoozed. The reminder comes again at 22:15."
        assert "Snoozed until 22:15." in text(visitor.reads("/today"), "evening")

    def test_an_evening_that_is_past_is_not_answered(self, visitor: Visitor) -> None:
        """A tab that was left open since yesterday answers nothing of today."""
        told = visitor.sends("/today/answer", answer="done", occurrence="stretch/2026-11-21")
        assert told["error"].startswith("That was another evening")

    def test_a_stretch_that_is_switched_off(self, visitor: Visitor) -> None:
        """The page says so and leads to the settings."""
        visitor.sends("/settings/stretch", enabled=False)
        assert "The stretch reminder is off." in text(visitor.reads("/today"), "evening")

    def test_a_session_answers_the_evening(self, served: Served, visitor: Visitor) -> None:
        """The page shows when, and in the calendar a bar below the night."""
        at(served, "21:30")
        now = served.app.now()
        stretch = Stretch(id=new_id(), at=now, written_at=now, routine="mine", planned_s=40, held_s=40, complete=True)
        served.do(lambda: served.app.store.diary.add(stretch))
        page = visitor.reads("/today")
        assert "A session was completed at 21:30." in text(page, "evening")
        assert "Night of Sun 22 Nov: stretched" in page


class TestWater:
    def test_a_glass_is_one_tap_and_so_is_its_undo(self, served: Served, visitor: Visitor) -> None:
        """Undo names what it takes away, and takes it away once however often it is pressed."""
        assert visitor.sends("/today/drink")["said"] == "Logged: 200 ml. That makes 200 ml."
        (drink,) = served.diary()
        assert "Undo 200 ml at 12:00" in visitor.reads("/today")
        assert visitor.sends("/today/undrink", id=drink.id)["said"] == "Undone: 200 ml at 12:00."
        assert visitor.sends("/today/undrink", id=drink.id)["said"] == "That drink was removed already."
        assert served.diary() == []

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            ("", "Say how much"),
            ("much", "is not an amount"),
            ("250", "needs a unit"),
            ("11 l", "between 1 ml and 10 L"),
        ],
    )
    def test_an_amount_that_is_none(self, served: Served, visitor: Visitor, amount: str, words: str) -> None:
        """It is told beside the field, and nothing is logged."""
        assert words in visitor.sends("/today/drink", amount=amount)["faults"]["amount"]
        assert served.diary() == []

    def test_too_much_within_an_hour(self, visitor: Visitor) -> None:
        """The same warning as `remind drink` gives."""
        said = visitor.sends("/today/drink", amount="1 L")["said"]
        assert said.endswith("1 L within an hour is a lot. Leave the rest for later; you don't need to catch up.")

    def test_a_clinicians_limit_is_kept_to(self, visitor: Visitor) -> None:
        """The page says what it is, warns of the glass that goes beyond it, and of what went beyond it."""
        visitor.sends("/settings/water", target="1.6 L", limited="yes", allowed="500 ml")
        visitor.sends("/today/drink", amount="400 ml")
        words = text(visitor.reads("/today"), "water")
        assert "400 ml of 500 ml today" in words
        assert "You were told to keep to 500 ml a day. One more glass is more than that." in words
        assert "more than the 500 ml a day that you were told to keep to" in visitor.sends("/today/drink")["said"]
        assert "That is more than the 500 ml a day" in text(visitor.reads("/today"), "water")


def test_the_calendar_is_told_in_words_too(served: Served, visitor: Visitor) -> None:
    """Cramps with their severity, quiet nights, and those that were not logged; nothing before the first."""
    now = served.app.now()

    def fill() -> None:
        for days, severity in ((5, 7), (4, None)):
            when = now - timedelta(days=days, hours=9)
            served.app.store.diary.add(Cramp(id=new_id(), at=when, written_at=now, severity=severity))
        quiet = now - timedelta(days=2)
        served.app.store.diary.add(QuietNight(id=new_id(), at=quiet, written_at=now, night=quiet.date()))

    served.do(fill)
    page = visitor.reads("/today")
    for words in (
        "Night of Mon 16 Nov: a cramp, severity 7 of 10",
        "Night of Tue 17 Nov: a cramp<",
        "Night of Wed 18 Nov: not logged",
        "Night of Fri 20 Nov: no cramp",
    ):
        assert words in page


def test_what_was_typed_is_never_markup(served: Served, visitor: Visitor) -> None:
    """A note and a title of one's own are shown as they were typed, on every page."""
    visitor.sends("/today/cramp", night=NIGHT, when="about", clock="03:10", note="<script>alert(1)</script>")
    visitor.sends("/settings/add", title='"><script>x</script>', how="at", at="16:00", days=["mon"])
    (cramp,) = served.diary()
    for path in ("/today", "/diary", f"/diary?edit={cramp.id}", "/settings"):
        page = visitor.reads(path)
        assert "<script>alert" not in page
        assert "<script>x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in visitor.reads("/diary")


@pytest.mark.posix
def test_a_store_that_cannot_be_written_is_told_in_one_line(served: Served, visitor: Visitor) -> None:
    """The page can still be read."""
    visitor.sends("/today/drink")
    database = served.folders.database

    def lock() -> None:
        served.app.refresh()
        for path in database.parent.glob("remind.db-*"):
            path.unlink()
        database.write_bytes(b"not a database, but long enough to be taken for one" * 100)

    served.do(lock)
    told = visitor.sends("/today/drink")
    assert "is damaged or not a database" in told["error"]
    assert "\n" not in told["error"]


def test_settings_at_fault_are_told(served: Served, visitor: Visitor) -> None:
    """The page works with the last valid ones, and says what is wrong."""
    served.folders.settings.write_text('[day]\nbedtime = "25:00"\n')
    words = text(visitor.reads("/today"), "faults")
    assert "is not a time of day" in words
    assert "the last valid settings are used" in words


@pytest.mark.parametrize("path", ["/today/quiet", "/diary/edit", "/settings/days", "/settings/add"])
def test_what_makes_no_sense_is_one_line(visitor: Visitor, path: str) -> None:
    """Whatever is sent, the answer is a 400 and one line."""
    for body in (b"{", b"[]", b'{"night": 1}', b'{"night": "x", "more": 1}', b"\xff", b"[" * 5000):
        answer = visitor.post(path, body)
        assert answer.status == 400
        assert answer.text.count("\n") == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/today", "/diary", "/settings"])
def test_every_page_weighs_less_than_120_kb(visitor: Visitor, path: str) -> None:
    """With all that it needs."""
    page = visitor.reads(path)
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page)) | {"/static/live.mjs"}
    assert len(page.encode()) + sum(len(visitor.reads(one).encode()) for one in files) < 120_000


@pytest.mark.parametrize("path", ["/today", "/diary", "/settings"])
def test_nothing_on_a_page_is_inline(visitor: Visitor, path: str) -> None:
    """No style and no code that the content security policy would refuse, and the page marks itself in the menu."""
    page = visitor.reads(path)
    assert not re.search(r"<[^>]+ (style|on\w+)=", page)
    assert not re.search(r"<script(?! type=\"module\" src=)", page)
    assert f'<a href="{path}" aria-current="page">' in page
    assert page.count("aria-current") == 1


def test_the_bare_address_leads_to_today(visitor: Visitor) -> None:
    """`remind open` shows it."""
    answer = visitor.ask("GET", "/")
    assert (answer.status, answer.getheader("Location")) == (303, "/today")


class TestInTheBrowser:
    def test_a_cramp_is_logged_by_keyboard(self, opened: Open) -> None:
        """What is wrong is told beside its field and keeps what was typed; then the list has it."""
        page = opened("/today")
        page.click("#cramp summary")
        page.check("#cramp [name=leg][value=right]")
        page.check("#cramp [name=severity][value='6']")
        page.focus("#cramp .primary")
        page.keyboard.press("Enter")
        expect(page.locator("#cramp-clock-fault")).to_contain_text("Say about when it was")
        expect(page.locator("#cramp-clock")).to_be_focused()
        expect(page.locator("#cramp-clock")).to_have_attribute("aria-invalid", "true")
        page.fill("#cramp-clock", "03:10")
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_have_text("Logged: 03:10, cramp, right leg, severity 6 of 10.")
        expect(page.locator("#night li")).to_contain_text("03:10, cramp, right leg, severity 6 of 10")
        expect(page.locator("#night-title")).to_be_focused()

    def test_water_and_its_undo(self, served: Served, opened: Open) -> None:
        """Two taps are two glasses, the second is taken away again, and the button keeps the focus."""
        page = opened("/today")
        for amount in ("200 ml", "400 ml"):
            page.click("#glass")
            expect(page.locator("#water .lead b")).to_have_text(amount)
        expect(page.locator("#glass")).to_be_focused()
        page.click("#undrink")
        expect(page.locator("#water .lead b")).to_have_text("200 ml")
        assert [one.amount_ml for one in served.diary() if isinstance(one, Drink)] == [200]

    def test_two_tabs_show_the_same(self, served: Served, opened: Open, context: BrowserContext) -> None:
        """What is done in one stands in the other; what is being typed there stays."""
        page = opened("/today")
        other = context.new_page()
        other.goto(f"http://127.0.0.1:{served.port}/today")
        served.tabs(2)
        other.click("#cramp summary")
        other.fill("#cramp-clock", "04:20")
        page.click("#glass")
        expect(other.locator("#water .lead b")).to_have_text("200 ml")
        assert other.input_value("#cramp-clock") == "04:20"
        page.click("#quiet")
        expect(page.locator("#night li")).to_contain_text("no cramp")
        assert other.input_value("#cramp-clock") == "04:20"

    def test_a_server_that_has_ended_keeps_what_was_typed(self, served: Served, opened: Open) -> None:
        """The page says so."""
        page = opened("/today")
        page.click("#amount summary")
        page.fill("#drink-amount", "250 ml")
        served.end()
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_contain_text("The program has stopped.")
        assert page.input_value("#drink-amount") == "250 ml"

    def test_without_javascript_it_can_be_read(self, served: Served, browser: Browser) -> None:
        """All that it says is there, and how to change something."""
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(served.address("/today"))
        expect(page.locator("noscript p")).to_contain_text("remind drink")
        expect(page.locator("#evening")).to_contain_text("Due at 22:00.")
        assert page.locator("form:visible").count() == 0
        context.close()

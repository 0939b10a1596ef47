"""The diary over HTTP: what it shows, and every form with right and wrong input."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from served import Served
from visitor import Visitor

from remind.core.diary import Cramp, Drink, Entry, QuietNight, Stretch
from remind.store.diary import new_id

Open = Callable[..., Page]


def logged(served: Served, kind: type[Entry] = Cramp, hours_ago: float = 9, **more: object) -> str:
    """Add an entry to the diary, and return its id."""
    at = served.app.now() - timedelta(hours=hours_ago)
    entry = kind(**{"id": new_id(), "at": at, "written_at": at, **more})  # type: ignore[arg-type]
    served.do(lambda: served.app.store.diary.add(entry))
    return entry.id


def test_an_empty_diary_explains_itself(visitor: Visitor) -> None:
    """What to log and why, with both forms open, and no table of nothing."""
    page = visitor.reads("/diary")
    assert "Your diary begins here" in page
    assert page.count(" open>") == 2
    assert "<table" not in page
    assert "Undo the last change" not in page


def test_it_shows_weeks_nights_and_entries(served: Served, visitor: Visitor) -> None:
    """Bars with their numbers, boxes with their words, the latest night first; drinks are apart."""
    logged(served, severity=6, leg="left", minutes=4, note="after the long walk")
    logged(served, Drink, 2, amount_ml=250)
    logged(served, Stretch, 38, routine="towel", planned_s=120, held_s=120, complete=True)
    page = visitor.reads("/diary")
    assert "1 of 1<span" in page
    assert "Night of Sat 21 Nov: a cramp, severity 6 of 10" in page
    last = "Night of Sat 21 Nov 2026: not stretched, a cramp, severity 6 of 10"
    assert page.index(last) < page.index("cramp, left leg, severity 6 of 10, 4 min, after the long walk")
    assert page.index(last) < page.index("Night of Fri 20 Nov 2026: stretched, not logged")
    assert "stretch towel, held 2 min" in page
    assert "drank 250 ml" not in page
    assert "drank 250 ml" in visitor.reads("/diary?show=drinks")


def test_a_young_diary_fits_a_phone(served: Served, opened: Open) -> None:
    """Its one column of figures needs no scrolling, and each bar begins beside its name."""
    logged(served, severity=6)
    page = opened("/diary")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("(one => one.scrollWidth - one.clientWidth)(document.querySelector('.sideways'))") == 0
    assert page.locator(".bars .bar").first.bounding_box()["width"] < 200  # type: ignore[index]
    boxes = page.locator(".bars rect")
    assert all(one.is_visible() for one in boxes.all())
    count, bar = page.locator(".bars .count").first.bounding_box(), page.locator(".bars .bar").first.bounding_box()
    assert abs(count["y"] - bar["y"]) < 20  # type: ignore[index]  # on the line of its bar
    gap = """(cell => {
        const words = new Range();
        words.selectNodeContents(cell);
        const named = parseFloat(getComputedStyle(cell, "::before").width);
        return words.getBoundingClientRect().left - cell.getBoundingClientRect().left - named;
    })(document.querySelector(".bars td:nth-child(4)"))"""
    assert page.evaluate(gap) > 12  # a cell has 0.4 rem of padding itself


def test_it_fits_a_phone_with_large_type(served: Served, opened: Open) -> None:
    """Nothing has to be moved sideways, and what was done last leaves room for the rest, whatever was typed."""
    logged(served, severity=6)
    page = opened("/diary")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '36px'")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("#add-note summary")
    page.fill("#note-note", "A long walk along the river. " * 40)
    page.click("#add-note .primary")
    expect(page.locator("#said")).to_contain_text("Logged")
    assert page.locator("#said").bounding_box()["height"] < 844 / 2  # type: ignore[index]
    page.locator("#entries form").last.scroll_into_view_if_needed()
    page.locator("#entries form").last.locator("button").click()
    expect(page.locator("#said")).to_contain_text("Removed: 03:00, cramp")


def test_a_quiet_night_belongs_to_its_night(served: Served, visitor: Visitor) -> None:
    """Whenever it was logged, it stands beside its evening."""
    logged(served, Stretch, 14, routine="towel", planned_s=120, held_s=120, complete=True)
    visitor.sends("/diary/quiet", night="2026-11-21")
    page = visitor.reads("/diary")
    assert "Night of Sat 21 Nov 2026: stretched, no cramp" in page
    assert page.count("<h3>Night of Sat 21 Nov 2026") == 1


def test_it_has_the_figures_of_the_command(served: Served, visitor: Visitor) -> None:
    """The first weeks beside what followed, and after twelve weeks how sure the counts are."""
    logged(served, hours_ago=24 * 89, severity=6)
    for days in range(88):
        logged(served, QuietNight, 24 * days, night=served.app.now().date() - timedelta(days=days + 1))
    page = visitor.reads("/diary")
    assert (
        '<th scope="row">Nights with a cramp</th><td>1 (0.5 a week)</td><td>0 (0 a week)</td><td>0 (0 a week)</td>'
        in page
    )
    assert "In the last 4 weeks, 0 of 28: 0 a week, likely between 0 and 0.9 (95% interval)." in page
    assert '<th scope="row">Soreness' not in page


def test_earlier_entries_are_one_page_away(served: Served, visitor: Visitor) -> None:
    """Each page has thirty; whatever stands in the address, a page comes."""
    for hours in range(1, 36):
        logged(served, Drink, hours, amount_ml=100 + hours)
    assert "drank 130 ml" in visitor.reads("/diary?show=drinks")
    assert "drank 131 ml" not in visitor.reads("/diary?show=drinks")
    page = visitor.reads("/diary?show=drinks&from=30")
    assert "drank 131 ml" in page
    assert "Later entries" in page
    for odd in ("x", "-1", "99999999", "9" * 50, "30&edit=nothing", "²"):
        assert "Diary" in visitor.reads(f"/diary?from={odd.replace('²', '%C2%B2')}")
    for _ in range(31):
        logged(served)
    first = served.app.store.diary.of(Cramp)[0].id
    assert f'value="{first}"' in visitor.reads(f"/diary?edit={first}")


class TestLogging:
    def test_a_cramp_with_all_its_details(self, served: Served, visitor: Visitor) -> None:
        """As the command line logs it."""
        details = {"leg": "both", "severity": "0", "minutes": "5", "woke": "no", "note": " sore "}
        said = visitor.sends("/diary/cramp", at="2026-11-22T03:10", **details)["said"]
        assert said == "Logged: 03:10, cramp, both legs, severity 0 of 10, 5 min, did not wake me, sore."
        (cramp,) = served.diary()
        assert isinstance(cramp, Cramp)
        assert (cramp.leg, cramp.severity, cramp.minutes, cramp.woke, cramp.note) == ("both", 0, 5, False, "sore")

    @pytest.mark.parametrize(
        ("at", "words"),
        [
            ("", "Say when it was."),
            ("2026-11-23T03:10", "That is still to come."),
            ("1960-01-01T03:10", "is before 1970"),
            ("2026-02-30T03:10", "understand the time"),
            ("x" * 5000, "understand the time"),
        ],
        ids=["nothing", "tomorrow", "long ago", "no day", "long"],
    )
    def test_a_time_that_is_none(self, served: Served, visitor: Visitor, at: str, words: str) -> None:
        """It is told beside its field."""
        assert words in visitor.sends("/diary/cramp", at=at)["faults"]["at"]
        assert served.diary() == []

    def test_all_that_is_wrong_is_told_at_once(self, visitor: Visitor) -> None:
        """Each beside its field."""
        told = visitor.sends("/diary/cramp", at="2026-11-22T03:10", severity="x", minutes="1.5", leg="arm")
        assert set(told["faults"]) == {"severity", "minutes", "leg"}

    @pytest.mark.parametrize(
        ("night", "words"),
        [
            ("", "Fill this in."),
            ("2026-11-22", "is not over yet"),
            ("2030-11-22", "That is still to come"),
            ("soon", "is not a night"),
        ],
    )
    def test_a_night_that_is_none(self, visitor: Visitor, night: str, words: str) -> None:
        """In the words of `remind log none`."""
        assert words in visitor.sends("/diary/quiet", night=night)["faults"]["night"]

    def test_a_quiet_night_that_had_a_cramp(self, served: Served, visitor: Visitor) -> None:
        """What to do is said for the page, without a command."""
        visitor.sends("/diary/cramp", at="2026-11-22T03:10", note="It hurt.")
        told = visitor.sends("/diary/quiet", night="2026-11-21")["error"]
        assert told == "That night has a cramp: 03:10, cramp, It hurt. Remove it in the diary if there was none."
        assert len(served.diary()) == 1

    def test_a_medicine(self, served: Served, visitor: Visitor) -> None:
        """With its days; it is corrected where it stands, and logged once."""
        said = visitor.sends("/diary/medicine", name="magnesium", since="2026-11-01")["said"]
        assert said == "Logged: from Sun 1 Nov 2026, medicine magnesium."
        again = visitor.sends("/diary/medicine", name="Magnesium", since="2026-11-02")["error"]
        assert again.startswith("Already logged")
        entry = served.diary()[0].id
        assert 'value="2026-11-01"' in visitor.reads(f"/diary?edit={entry}")
        days = {"name": "magnesium", "since": "2026-11-01"}
        told = visitor.sends("/diary/edit", id=entry, **days, until="2026-10-01")["error"]
        assert "can't end on 2026-10-01" in told
        said = visitor.sends("/diary/edit", id=entry, **days, until="2026-11-20", note="helped?")["said"]
        assert said == "Now: from Sun 1 Nov 2026, medicine magnesium, until Fri 20 Nov 2026, helped?"

    @pytest.mark.parametrize(
        ("fields", "name"),
        [
            ({"name": " ", "since": "2026-11-01"}, "name"),
            ({"name": "x", "since": ""}, "since"),
            ({"name": "x", "since": "2026-11-31"}, "since"),
            ({"name": "x", "since": "2026-11-02", "until": "2026-11-01"}, "until"),
            ({"name": "x", "since": "2026-11-01", "note": "a\nb"}, "note"),
        ],
    )
    def test_a_medicine_that_is_wrong(
        self, served: Served, visitor: Visitor, fields: dict[str, str], name: str
    ) -> None:
        """What is wrong is told beside its field, and nothing is logged."""
        assert list(visitor.sends("/diary/medicine", **fields)["faults"]) == [name]
        assert served.diary() == []

    def test_a_note(self, served: Served, visitor: Visitor) -> None:
        """At its time, in its night."""
        assert "note" in visitor.sends("/diary/note", at="2026-11-22T03:10", note="")["faults"]
        visitor.sends("/diary/note", at="2026-11-22T03:10", note="new shoes")
        assert "note: new shoes" in visitor.reads("/diary")
        entry = served.diary()[0].id
        said = visitor.sends("/diary/edit", id=entry, at="2026-11-22T03:10", note="old shoes")["said"]
        assert said == "Now: 03:10, note: old shoes."

    def test_a_quiet_night_long_ago(self, served: Served, visitor: Visitor) -> None:
        """Any night that is over can be logged."""
        visitor.sends("/diary/quiet", night="2026-10-03")
        (entry,) = served.diary()
        assert isinstance(entry, QuietNight)
        assert entry.night.isoformat() == "2026-10-03"


class TestCorrecting:
    def test_a_cramp(self, served: Served, visitor: Visitor) -> None:
        """The form begins with what is there; what is emptied is forgotten, and the time stays to the second."""
        entry = logged(served, severity=6, leg="left", note="a walk")
        page = visitor.reads(f"/diary?edit={entry}")
        assert 'value="2026-11-22T03:00"' in page
        assert 'value="a walk"' in page
        before = served.diary()[0].at
        changed = {"leg": "", "severity": "4", "minutes": "3", "woke": "yes", "note": "a walk"}
        said = visitor.sends("/diary/edit", id=entry, at="2026-11-22T03:00", **changed)["said"]
        assert said == "Now: 03:00, cramp, severity 4 of 10, 3 min, woke me, a walk."
        (cramp,) = served.diary()
        assert isinstance(cramp, Cramp)
        assert (cramp.leg, cramp.severity, cramp.at) == (None, 4, before)

    def test_a_cramp_whose_time_is_not_known(self, served: Served, visitor: Visitor) -> None:
        """The form says so; a time can be added, and taken away again."""
        night = date(2026, 11, 21)
        entry = logged(served, at=None, night=night)
        assert "only know that it was in the night of Sat 21 Nov" in visitor.reads(f"/diary?edit={entry}")
        said = visitor.sends("/diary/edit", id=entry, at="", severity="6", count="2", place="foot", soreness="3")[
            "said"
        ]
        assert said == "Now: night of Sat 21 Nov 2026, 2 cramps, foot, severity 6 of 10, sore afterwards 3 of 10."
        for at, words in (("2026-11-22T02:00", "Now: 02:00, cramp."), ("", "Now: night of Sat 21 Nov 2026, cramp.")):
            assert visitor.sends("/diary/edit", id=served.diary()[0].id, at=at)["said"] == words

    def test_nothing_changed_is_not_a_change(self, served: Served, visitor: Visitor) -> None:
        """Saving the form as it was adds no row."""
        entry = logged(served, severity=6)
        said = visitor.sends("/diary/edit", id=entry, at="2026-11-22T03:00", severity="6")["said"]
        assert said == "Nothing changed."
        assert len(served.app.store.diary.rows()) == 1

    def test_a_drink_and_a_stretch(self, served: Served, visitor: Visitor) -> None:
        """Each by what it has."""
        drink = logged(served, Drink, 2, amount_ml=250)
        stretch = logged(served, Stretch, 14, routine="towel", planned_s=120, held_s=120, complete=True)
        assert "100 ml" in visitor.sends("/diary/edit", id=drink, at="2026-11-22T10:00", amount="100 ml")["said"]
        assert "21:00" in visitor.sends("/diary/edit", id=stretch, at="2026-11-21T21:00")["said"]
        now = served.app.store.diary.of(Drink)[0].id
        assert "amount" in visitor.sends("/diary/edit", id=now, at="2026-11-22T10:00", amount="")["faults"]

    def test_what_is_wrong_changes_nothing(self, served: Served, visitor: Visitor) -> None:
        """And is told beside its field."""
        entry = logged(served, severity=6)
        assert "severity" in visitor.sends("/diary/edit", id=entry, at="2026-11-22T03:00", severity="12")["faults"]
        assert "at" in visitor.sends("/diary/edit", id=entry, at="2027-11-22T03:00")["faults"]
        drink = logged(served, Drink, 2, amount_ml=250)
        assert "at" in visitor.sends("/diary/edit", id=drink, at="", amount="250 ml")["faults"]
        assert len(served.app.store.diary.rows()) == 2

    def test_an_entry_that_is_not_there(self, visitor: Visitor) -> None:
        """It was removed elsewhere, or never was."""
        for entry_id in ("", "none", "<b>", "%"):
            assert "changed or removed elsewhere" in visitor.sends("/diary/edit", id=entry_id, at="x")["error"]
            assert "changed or removed elsewhere" in visitor.sends("/diary/remove", id=entry_id)["error"]

    def test_remove_and_undo(self, served: Served, visitor: Visitor) -> None:
        """What was removed comes back; what was logged goes; at the beginning nothing is left to undo."""
        visitor.sends("/diary/cramp", at="2026-11-22T03:10")
        entry = served.diary()[0].id
        assert visitor.sends("/diary/remove", id=entry)["said"] == "Removed: 03:10, cramp."
        assert "changed or removed elsewhere" in visitor.sends("/diary/remove", id=entry)["error"]
        assert visitor.sends("/diary/undo")["said"] == "Undone: a removal. Counts again: 03:10, cramp."
        assert visitor.sends("/diary/undo")["said"] == "Undone: 03:10, cramp."
        assert visitor.sends("/diary/undo")["error"] == "There is nothing to undo."


def test_an_entry_is_edited_in_the_browser(served: Served, opened: Open) -> None:
    """Edit leads to its form; after saving, the diary says what it is now; remove takes it away."""
    logged(served, severity=6, note="<b>bold</b>")
    page = opened("/diary")
    expect(page.locator("#entries li")).to_contain_text("<b>bold</b>")
    page.click("#entries >> text=Edit")
    expect(page.locator("#edit-title")).to_be_focused()
    assert page.input_value("#edit-note") == "<b>bold</b>"
    page.click("#edit-more summary")
    page.fill("#edit-minutes", "many")
    page.keyboard.press("Enter")
    expect(page.locator("#edit-minutes-fault")).to_contain_text("is not a whole number")
    page.fill("#edit-minutes", "7")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Now: 03:00, cramp, severity 6 of 10, 7 min")
    page.click("#entries >> text=Remove")
    expect(page.locator("#empty-title")).to_have_text("Your diary begins here")
    assert served.diary() == []

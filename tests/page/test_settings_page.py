"""The settings over HTTP: every form with right and wrong input; and in the browser what only a browser shows."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from served import Served
from visitor import Visitor

from remind.page.saving import SAVED

Open = Callable[..., Page]
FRESH = {"sound": {"voice": True}}
"""What the server of these tests begins with."""


def test_comments_are_kept(served: Served, visitor: Visitor) -> None:
    """And what the page doesn't show stays as it is."""
    served.folders.settings.write_text('# mine\n[day]\nbedtime = "22:00"  # early\n\n[notify]\nsound = true\n')
    visitor.sends("/settings/days", weekdays_wake="06:30")
    text = served.folders.settings.read_text()
    assert "# mine\n" in text
    assert "# early\n" in text
    assert served.own["notify"] == {"sound": True}


class TestDays:
    def test_weekdays_and_weekend(self, served: Served, visitor: Visitor) -> None:
        """Each has its own times; the weekend stays as it was shown when the weekdays change."""
        visitor.sends("/settings/days", weekdays_bedtime="22:00")
        assert served.own["day"] == {"bedtime": "22:00", "on": {"weekend": {"bedtime": "22:30"}}}
        visitor.sends("/settings/days", weekend_bedtime="00:30", weekend_wake="09:00")
        assert served.own["day"]["on"]["weekend"] == {"bedtime": "00:30", "wake": "09:00"}
        page = visitor.reads("/settings")
        for shown in ("22:00", "07:00", "00:30", "09:00"):
            assert f'value="{shown}"' in page

    def test_weekdays_that_are_set_as_such(self, served: Served, visitor: Visitor) -> None:
        """They are changed where they stand."""
        served.folders.settings.write_text('[day.on.weekdays]\nbedtime = "21:00"\n')
        visitor.sends("/settings/days", weekdays_bedtime="21:30")
        assert served.own["day"] == {"on": {"weekdays": {"bedtime": "21:30"}}}

    def test_a_single_day_is_shown_and_can_be_given_up(self, served: Served, visitor: Visitor) -> None:
        """Its times go before those of its group."""
        served.folders.settings.write_text('[day.on.fri]\nbedtime = "23:30"\n')
        assert "Fri: bedtime 23:30" in visitor.reads("/settings")
        assert visitor.sends("/settings/day", day="fri")["said"] == "Fri has the times of its group again."
        assert "Fri: bedtime" not in visitor.reads("/settings")
        assert "is not a weekday" in visitor.sends("/settings/day", day="weekend")["error"]

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("weekdays_bedtime", "half ten", "is not a time of day. Write it as 22:30 or 10:30 pm."),
            ("weekend_wake", "", "Fill this in."),
            ("weekdays_wake", "22:30", "Wake and bedtime are both 22:30 on Mon"),
        ],
    )
    def test_a_wrong_time(self, served: Served, visitor: Visitor, field: str, typed: str, words: str) -> None:
        """The message of `remind config set` stands beside the field, and nothing is saved."""
        assert words in visitor.sends("/settings/days", **{field: typed})["faults"][field]
        assert served.own == FRESH

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("10:30", "A bedtime of 10:30 is by day. Did you mean 22:30?"),
            ("12:30", "A bedtime of 12:30 is by day. Did you mean 00:30?"),
            ("22:00", SAVED),
            ("00:30", SAVED),
        ],
    )
    def test_a_bedtime_by_day(self, served: Served, visitor: Visitor, typed: str, words: str) -> None:
        """It is saved, since some people work at night, and questioned once: am and pm are easily confused."""
        assert visitor.sends("/settings/days", weekend_bedtime=typed)["said"].endswith(words)
        assert served.own["day"]["on"]["weekend"]["bedtime"] == typed
        assert visitor.sends("/settings/days", weekend_bedtime=typed, weekend_wake="08:00")["said"] == SAVED

    def test_nothing_changed(self, served: Served, visitor: Visitor) -> None:
        """Nothing is written."""
        for form in ("days", "stretch", "night", "water", "sound"):
            visitor.sends(f"/settings/{form}")
        assert served.own == FRESH


class TestStretch:
    def test_routine_and_lead(self, served: Served, visitor: Visitor) -> None:
        """Those of one's own count too."""
        visitor.sends("/settings/stretch", routine="mine", lead="45 min", enabled=True)
        assert served.own["stretch"] == {"routine": "mine", "lead": "45 min", "enabled": True}
        page = visitor.reads("/settings")
        assert 'value="mine" checked' in page
        assert "Each leg once." in page

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [
            ("routine", "none", "There is no routine 'none'"),
            ("lead", "soon", "is not a duration"),
            ("lead", "9 h", "is not between 0 s and 8 h"),
        ],
    )
    def test_what_is_wrong(self, visitor: Visitor, field: str, typed: str, words: str) -> None:
        """It is told beside its field."""
        assert words in visitor.sends("/settings/stretch", **{field: typed})["faults"][field]

    def test_each_routine_has_its_picture(self, visitor: Visitor) -> None:
        """One drawing for all routines of one pose; relief is none to choose."""
        page = visitor.reads("/settings")
        assert page.count("<use ") == 8
        assert page.count("<symbol ") == 4
        assert 'value="cramp-now"' not in page


def test_the_question_about_the_night_is_switched_on(served: Served, visitor: Visitor) -> None:
    """It is off unless the person wants it; each tick is a setting of its own."""
    assert 'id="night-enabled" name="enabled" type="checkbox" aria' in visitor.reads("/settings")
    visitor.sends("/settings/night", enabled=True)
    assert served.own["night"] == {"enabled": True}
    visitor.sends("/settings/night", ask_again=True)
    assert served.own["night"] == {"enabled": True, "ask_again": True}
    assert 'id="night-enabled" name="enabled" type="checkbox" checked' in visitor.reads("/settings")


class TestWater:
    def test_a_target_comes_after_the_question(self, served: Served, visitor: Visitor) -> None:
        """Until it is answered nothing is saved; the next time the answer of the last one stands in the form."""
        told = visitor.sends("/settings/water", target="1.6 L")
        assert told["faults"] == {"limited": "Answer this question first; a target depends on it."}
        assert served.own == FRESH
        visitor.sends("/settings/water", target="1.6 L", limited="no", allowed="")
        assert served.own["water"] == {"target": "1.6 L"}
        assert 'name="limited" value="no" checked' in visitor.reads("/settings")
        visitor.sends("/settings/water", target="2 L")
        assert served.own["water"] == {"target": "2 L"}

    def test_who_has_to_limit_fluids_gets_the_clinicians_number(self, served: Served, visitor: Visitor) -> None:
        """Instead of the one typed; without a number water reminders are switched off, and "no" brings them back."""
        visitor.sends("/settings/water", target="2 L", limited="yes", allowed="900 ml")
        assert served.own["water"] == {"target": "900 ml"}
        said = visitor.sends("/settings/water", target="2 L", limited="yes", allowed="")["said"]
        assert said.startswith("Water reminders are now switched off. Keep to what you were told")
        assert served.own["water"] == {"enabled": False}  # an earlier target isn't the clinician's number
        visitor.sends("/settings/water", target="2 L", limited="no")
        assert served.own["water"] == {"target": "2 L", "enabled": True}

    def test_the_answer_and_the_clinicians_number_can_change_alone(self, served: Served, visitor: Visitor) -> None:
        """Neither needs a new target beside it, and a number that was given before is kept and shown."""
        visitor.sends("/settings/water", target="2 L", limited="no")
        visitor.sends("/settings/water", limited="yes", allowed="1.2 L")
        assert served.own["water"] == {"target": "1.2 L"}
        assert 'name="allowed" type="text" value="1.2 L"' in visitor.reads("/settings")
        visitor.sends("/settings/water", allowed="1 L")
        visitor.sends("/settings/water", limited="yes", glass="250 ml")
        assert served.own["water"] == {"target": "1 L", "glass": "250 ml"}

    def test_a_limit_takes_the_place_of_a_target(self, opened: Open) -> None:
        """One of the two fields is shown, so that nothing is typed that isn't saved."""
        page = opened("/settings")
        expect(page.locator("#water-target")).to_be_visible()
        expect(page.locator("#water-allowed")).to_be_hidden()
        page.locator("#water-limited label", has_text="Yes").click()
        expect(page.locator("#water-target")).to_be_hidden()
        expect(page.locator("#water-allowed")).to_be_visible()

    @pytest.mark.parametrize(
        ("fields", "name", "words"),
        [
            ({"glass": "full"}, "glass", "is not an amount"),
            ({"target": "2", "limited": "no"}, "target", "needs a unit"),
            ({"target": "2 L", "limited": "yes", "allowed": "much"}, "allowed", "is not an amount"),
            ({"target": "9 L", "glass": "10 ml", "limited": "no"}, "target", "more than 40"),
        ],
        ids=str,
    )
    def test_what_is_wrong(self, visitor: Visitor, fields: dict[str, str], name: str, words: str) -> None:
        """It is told beside its field."""
        assert words in visitor.sends("/settings/water", **fields)["faults"][name]

    def test_an_emptied_field_has_its_default_again(self, served: Served, visitor: Visitor) -> None:
        """No target, the usual glass."""
        visitor.sends("/settings/water", target="1.6 L", glass="250 ml", limited="no")
        visitor.sends("/settings/water", target="", glass=" ")
        assert served.own.get("water", {}) == {}

    def test_it_can_be_switched_off(self, visitor: Visitor) -> None:
        """Today then says so."""
        visitor.sends("/settings/water", enabled=False)
        assert "Water reminders are off." in visitor.reads("/today")


def test_sound_is_that_of_a_session(served: Served, visitor: Visitor) -> None:
    """In the browser and in the terminal."""
    visitor.sends("/settings/sound", voice=False)
    assert served.own["sound"] == {"chime": True, "voice": False}
    assert served.site.sound == "chime"
    visitor.sends("/settings/sound", chime=False)
    assert served.site.sound == "none"
    assert "checked" not in visitor.reads("/settings").split('id="sound-chime"')[1].split(">")[0]


class TestOwnReminders:
    def test_one_at_times_of_the_day(self, served: Served, visitor: Visitor) -> None:
        """With a name made of its title; a second of the same title gets another."""
        fields = {"title": "Tea & biscuits", "how": "at", "at": "10:00, 3 pm", "days": ["mon", "sat"]}
        assert visitor.sends("/settings/add", **fields)["said"] == "Added: Tea & biscuits."
        visitor.sends("/settings/add", **fields | {"message": '"quoted"'})
        found = served.own["reminder"]
        assert found["tea-biscuits"] == {"title": "Tea & biscuits", "at": ["10:00", "3 pm"], "days": ["mon", "sat"]}
        assert found["tea-biscuits-2"]["message"] == '"quoted"'
        page = visitor.reads("/settings")
        assert "At 10:00, 15:00; Mon, Sat." in page
        assert "Tea &amp; biscuits" in page

    def test_one_again_and_again(self, served: Served, visitor: Visitor) -> None:
        """On every day, which needs no list of days."""
        week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        visitor.sends("/settings/add", title="Stühle", how="every", every="2 h", from_="09:00", to="17:00", days=week)
        assert served.own["reminder"]["st-hle"] == {"title": "Stühle", "every": "2 h", "from": "09:00", "to": "17:00"}
        assert "Every 2 h from 09:00 to 17:00; every day." in visitor.reads("/settings")

    def test_any_title_makes_a_name(self, served: Served, visitor: Visitor) -> None:
        """Whatever is in it."""
        titles = ["水", "123", "stretch", "water", "x" * 60, "'", "-"]
        for title in titles:
            assert "said" in visitor.sends("/settings/add", title=title, how="at", at="10:00", days=["mon"])
        assert [rule["title"] for rule in served.own["reminder"].values()] == titles

    @pytest.mark.parametrize(
        ("fields", "names"),
        [
            ({}, "title at days"),
            ({"title": "Tea", "how": "every", "days": ["mon"]}, "every from to"),
            ({"title": "Tea", "at": "teatime", "days": ["mon"]}, "at"),
            ({"title": "Tea", "at": "10:00", "days": ["someday"]}, "days"),
            ({"title": "Tea", "how": "every", "every": "1 s", "from_": "9:00", "to": "x", "days": ["mon"]}, "every to"),
            ({"title": "T", "how": "every", "every": "1 h", "from_": "9:00", "to": "9:00", "days": ["mon"]}, "to"),
        ],
        ids=str,
    )
    def test_what_is_wrong(self, served: Served, visitor: Visitor, fields: dict[str, Any], names: str) -> None:
        """Each is told beside its field, and nothing is saved."""
        assert set(visitor.sends("/settings/add", **fields)["faults"]) == set(names.split())
        assert served.own == FRESH

    def test_switch_and_remove(self, served: Served, visitor: Visitor) -> None:
        """One of one's own can be removed, the shipped one only switched."""
        visitor.sends("/settings/add", title="Tea", how="at", at="16:00", days=["mon"])
        assert visitor.sends("/settings/switch", name="tea")["said"] == "Tea is now off."
        assert visitor.sends("/settings/switch", name="move")["said"] == "On your feet is now on."
        assert visitor.sends("/settings/remove", name="tea")["said"] == "Removed: Tea."
        assert visitor.sends("/settings/remove", name="tea")["error"] == "That reminder was removed already."
        assert "Switch it off instead" in visitor.sends("/settings/remove", name="move")["error"]
        assert served.own["reminder"] == {"move": {"enabled": True}}

    def test_one_that_the_phone_needs(self, served: Served, visitor: Visitor) -> None:
        """It is not removed while `[phone] reminders` names it, and the page says why."""
        visitor.sends("/settings/add", title="Tea", how="at", at="16:00", days=["mon"])
        with served.folders.settings.open("a") as file:
            file.write('[phone]\nreminders = ["tea"]\n')
        assert "is not a reminder" in str(visitor.sends("/settings/remove", name="tea"))
        assert "tea" in served.own["reminder"]


def test_a_file_that_is_no_toml_is_left_alone(served: Served, visitor: Visitor) -> None:
    """The page says what is wrong; what was typed by hand is not lost."""
    served.folders.settings.write_text("[day\n")
    assert "can&#39;t be read" in visitor.reads("/settings")
    assert "can't be read" in visitor.sends("/settings/days", weekdays_wake="06:00")["error"]
    assert served.folders.settings.read_text() == "[day\n"


def test_a_fault_elsewhere_keeps_nobody_from_a_change(served: Served, visitor: Visitor) -> None:
    """As with `remind config set`, faults can be fixed one by one."""
    served.folders.settings.write_text('[day]\nbedtime = "25:00"\n[notify]\nsound = "loud"\n')
    visitor.sends("/settings/days", weekdays_bedtime="22:00")
    assert served.own["day"]["bedtime"] == "22:00"


def test_a_file_that_cannot_be_written(served: Served, visitor: Visitor) -> None:
    """It is told in one line."""
    served.folders.settings.unlink()
    served.folders.settings.symlink_to(served.folders.settings)
    told = visitor.sends("/settings/days", weekdays_wake="06:00")
    assert "cannot be" in told["error"]


def test_what_is_typed_says_how_a_reminder_comes(served: Served, opened: Open) -> None:
    """Whoever gives an interval wants it, and two times that don't go together are told beside them."""
    page = opened("/settings")
    page.click("#add-own summary")
    page.fill("#own-title-field", "Tablets")
    page.fill("#own-every", "2 h")
    page.fill("#own-from", "08:00")
    page.fill("#own-to", "08:00")
    page.click("#add-own .primary")
    expect(page.locator("#own-to-fault")).to_contain_text("are the same time")
    expect(page.locator("#own-to")).to_be_focused()
    page.fill("#own-to", "20:00")
    page.keyboard.press("Enter")
    expect(page.locator("#own")).to_contain_text("Every 2 h from 08:00 to 20:00")


def test_a_fault_stands_beside_its_field(served: Served, opened: Open) -> None:
    """With the focus in it, and what was typed still there; after that only what was changed is sent."""
    page = opened("/settings")
    page.click("#add-own summary")
    page.fill("#own-title-field", "Tea")
    page.fill("#own-at", "teatime")
    page.uncheck("#own-days [value=sun]", force=True)
    page.click("#add-own .primary")
    expect(page.locator("#own-at-fault")).to_contain_text("is not a time of day")
    expect(page.locator("#own-at")).to_be_focused()
    assert page.input_value("#own-title-field") == "Tea"
    page.fill("#own-at", "16:00")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("Added: Tea.")
    expect(page.locator("#own")).to_contain_text("At 16:00; Mon, Tue, Wed, Thu, Fri, Sat.")
    page.fill("#weekdays-wake", "06:15")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("Saved. The reminders follow at once.")
    assert served.own["day"] == {"wake": "06:15", "on": {"weekend": {"wake": "07:00"}}}
    page.check("[name=routine][value=towel]")
    page.click("#stretch .primary")
    expect(page.locator("#stretch-title")).to_be_focused()
    assert served.own["stretch"] == {"routine": "towel"}

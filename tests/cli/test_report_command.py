"""`remind report`: the diary as one HTML file for a doctor."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cli_runner import Person
from diaries import cramp, medicine, quiet, stretch, untimed

from remind.core.diary import Row


def logs(person: Person, *rows: Row) -> None:
    app = person.app()
    app.store.diary.merge(rows)
    app.close()


@pytest.fixture
def kept(person: Person) -> Person:
    """Three weeks, with a night that was not logged and a cramp whose time is not known."""
    today, evening = person.now.date(), person.now.replace(hour=3)
    logs(
        person,
        *(quiet(today - timedelta(days=days)) for days in range(4, 22) if days != 7),
        stretch(at=evening - timedelta(days=2, hours=5)),
        cramp(at=evening - timedelta(days=1), leg="left", place="calf", severity=6, minutes=0, woke=True, note="<b>&"),
        untimed(today - timedelta(days=3), count=2, disturbance=4),
        medicine(today - timedelta(days=10), name="Salt <i>"),
    )
    return person


def text_of(html: str) -> str:
    """Return the words that are shown, with a single space between the cells."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL).split())


def test_it_is_one_file_with_the_figures_and_each_cramp(kept: Person, tmp_path: Path) -> None:
    """Without scripts or anything to fetch; what was typed is text; the night not logged is not one without a cramp."""
    file = tmp_path / "a.html"
    said = kept.types("report", str(file))
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Wrote the report to {file}. Open it in your browser to print it.\n"
    html = file.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|https?:|src=|url\(|@import|<b>&|<i>", html)
    words = text_of(html)
    assert "1 Nov to 21 Nov 2026. 19 of 21 nights were logged." in words
    assert "Nights logged 14 of 14 19 of 21" in words
    assert "Nights with a cramp 0 (0 a week) 2 (0.7 a week)" in words
    assert "Fri 20 Nov 2026 03:00 left, calf 6 &lt;1 – – yes no &lt;b&gt;&amp;" in words
    assert "Thu 19 Nov 2026 not known (2 cramps) – – – 4 – – yes" in words
    assert "Salt &lt;i&gt; 12 Nov 2026 goes on" in words
    assert "say nothing about a cause" in words
    assert "week of 16 Nov: 2 of 5" in html
    assert ">2 of 5</text>" in html


def test_a_young_diary_promises_no_days_to_come(person: Person) -> None:
    """It has as many nights as there were, and no evening more."""
    today = person.now.date()
    logs(person, *(quiet(today - timedelta(days=days)) for days in (1, 2)), stretch(at=person.now))
    words = text_of(person.types("report", "-").out)
    assert "Measure All 20 Nov to 21 Nov 2026 Nights" in words
    assert "Evenings stretched 0 of 2" in words


def test_weeks_and_standard_output(kept: Person) -> None:
    """A shorter period counts its own nights."""
    words = text_of(kept.types("report", "-", "--weeks", "1").out)
    assert "16 Nov to 21 Nov 2026. 5 of 6 nights" in words
    for weeks in ("0", "521", "x"):
        assert kept.types("report", "-", "--weeks", weeks).code == 2


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("there.html", 1, "exists already. Use --force to overwrite it."),
        ("a.pdf", 2, "must end in .html"),
        ("no/a.html", 1, "there is no folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(
    kept: Person, tmp_path: Path, name: str, code: int, words: str
) -> None:
    """In one line, and what was there stays."""
    (tmp_path / "there.html").write_text("my thesis")
    said = kept.types("report", str(tmp_path / name))
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)
    assert words in said.err
    assert (tmp_path / "there.html").read_text() == "my thesis"
    assert kept.types("report", str(tmp_path / "there.html"), "--force").code == 0


def test_an_empty_diary_makes_an_empty_report(person: Person) -> None:
    """It says so, and nothing is made."""
    assert "The diary has no entry in this period." in person.types("report", "-").out
    logs(person, medicine(person.now.date()), quiet(person.now.date() - timedelta(days=90)))
    said = person.types("report", "-", "--weeks", "1")
    assert said.code == 0
    assert "0 of 6 nights were logged." in text_of(said.out)


def test_ten_years_of_long_notes_are_still_a_small_file(person: Person) -> None:
    """Under 200 kB: the latest cramps are listed, all are counted, and it says how many are not listed."""
    begin = datetime(2016, 12, 1, 3, tzinfo=person.now.tzinfo)
    note = "<&>€" * 60
    logs(person, *(cramp(at=begin + timedelta(days=day), note=note) for day in range(3640)))
    html = person.types("report", "-", "--weeks", "520").out
    assert len(html.encode()) < 200_000
    listed = html.count("&lt;&amp;&gt;€" * 60)
    assert 50 < listed < 3640
    left = re.search(rf"The latest {listed}; (\d+) earlier ones are counted in the summary.", html)
    assert left
    cramps = re.search(r"Cramps</th>.*<td>(\d+) \(7 a week\)</td></tr>", html)
    assert cramps
    assert int(left[1]) + listed == int(cramps[1])

"""The report on the page and as a file, and what the browser makes of it on paper."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from diaries import cramp, medicine, quiet, stretch
from playwright.sync_api import BrowserContext, Page
from served import NOON, Served
from test_accessibility import AXE
from virtual_desktop import needs
from visitor import Visitor

from remind.core.diary import Note, Row
from remind.page.report import report_html
from remind.page.templating import FOLDER

Open = Callable[..., Page]


def quarter() -> list[Row]:
    """Return thirteen weeks with a gap, cramps with notes of several lines, and more medicines than are drawn."""
    rows: list[Row] = []
    for days in range(91, 0, -1):
        at = NOON - timedelta(days=days, hours=9)
        if 40 < days < 60:
            continue
        if days % 2:
            note = f"begin-{days} {'a long walk in new shoes, ' * 6} end-{days}"
            given = {"leg": "both", "place": "thigh", "severity": 10, "minutes": 120, "disturbance": 10, "soreness": 3}
            rows.append(cramp(at=at, note=note, **given))
        else:
            rows.append(quiet(at.date() - timedelta(days=1)))
        rows.append(stretch(at=at - timedelta(hours=6)))
    day = NOON.date()
    rows += [medicine(day - timedelta(days=10 * number), name=f"medicine {number} " * 5) for number in range(1, 9)]
    return rows


def pages(pdf: Path) -> list[str]:
    """Return the words of each page of `pdf`."""
    made = subprocess.run(
        [needs("pdftotext", "poppler-utils"), "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    )
    return made.stdout.split("\f")[:-1]


def test_it_prints_with_the_summary_on_one_page_and_no_row_cut(context: BrowserContext, tmp_path: Path) -> None:
    """On A4 and on Letter, from a file that is opened without a server; axe finds nothing in it."""
    file = tmp_path / "report.html"
    file.write_text(report_html(quarter(), NOON, 52), encoding="utf-8")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(file.as_uri())
    for size in ("A4", "Letter"):
        page.pdf(path=tmp_path / f"{size}.pdf", format=size)
        first, *rest = pages(tmp_path / f"{size}.pdf")
        for words in ("Diary of night leg cramps", "All 14 weeks", "Evenings stretched", "My questions"):
            assert words in first
        assert "begin-" not in first
        assert not any("My questions" in one for one in rest)
        for days in range(1, 91, 2):
            if not 40 < days < 60:
                (whole,) = (one for one in rest if re.search(rf"begin-{days}\b", one))
                assert re.search(rf"end-{days}\b", whole)
        lists = [one for one in rest if "begin-" in one]
        assert len(lists) > 1
        assert all("Severity" in one for one in lists)  # each page repeats the heads of the columns
    page.evaluate(AXE)
    assert page.evaluate("axe.run(document)")["violations"] == []


@pytest.mark.parametrize("weeks", [25, 53])
def test_no_words_of_the_picture_are_cut_off(context: BrowserContext, weeks: int) -> None:
    """The date below the last week and a medicine with a long name stay inside it."""
    day = NOON.date()
    name = "Lisinopril/Hydrochlorothiazide retard 20 mg"
    rows: list[Row] = [quiet(day - timedelta(days=one)) for one in range(1, 7 * weeks)]
    rows += [medicine(day - timedelta(days=one), day - timedelta(days=one - 20), name) for one in (90, 60, 30)]
    page = context.new_page()
    page.set_content(report_html(rows, NOON, weeks))
    inside = """[...document.querySelectorAll(".chart text")].map(one => {
        const box = one.getBBox(), whole = one.ownerSVGElement.viewBox.baseVal;
        return [one.textContent, box.x > -1 && box.x + box.width < whole.width + 1];
    })"""
    found = page.evaluate(inside)
    assert len(found) > 10
    assert [words for words, is_inside in found if not is_inside] == []


def test_the_page_prints_as_the_file_does(served: Served, opened: Open, tmp_path: Path) -> None:
    """Without its buttons and the way to the other pages, and after dark too."""
    served.do(lambda: served.app.store.diary.merge(quarter()))
    served.began += timedelta(hours=11)
    page = opened("/report")
    page.pdf(path=tmp_path / "page.pdf", format="Letter")
    file = page.context.new_page()
    (tmp_path / "file.html").write_text(report_html(served.diary(), served.app.now(), 52), encoding="utf-8")
    file.goto((tmp_path / "file.html").as_uri())
    file.pdf(path=tmp_path / "file.pdf", format="Letter")
    printed = [" ".join(one.split()) for one in pages(tmp_path / "page.pdf")]
    assert printed == [" ".join(one.split()) for one in pages(tmp_path / "file.pdf")]


def test_it_can_be_saved_for_a_chosen_period(served: Served) -> None:
    """Whatever stands in the address, a report comes."""
    served.do(lambda: served.app.store.diary.merge(quarter()))
    visitor = Visitor.let_in(served)
    assert 'href="/report?weeks=12" aria-current="true"' in visitor.reads("/report?weeks=12")
    answer = visitor.ask("GET", "/report/file?weeks=4")
    assert answer.getheader("Content-Disposition") == 'attachment; filename="night-leg-cramps.html"'
    assert answer.text == report_html(served.diary(), served.app.now(), 4)  # type: ignore[attr-defined]
    for odd in ("0", "-1", "x", "9" * 5000, "%C2%B2", ""):
        assert "All 14 weeks" in visitor.reads(f"/report?weeks={odd}")


def test_it_is_readable_in_grey() -> None:
    """No colour tells anything: each one of its style sheet is grey, except on the page around it."""
    style = (FOLDER / "static" / "report.css").read_text(encoding="utf-8")
    colours = re.findall(r"#([0-9a-f]{3,8})\b", style)
    assert len(colours) > 10
    assert [colour for colour in colours if len(set(colour)) > 1] == []
    assert not re.search(r"\b(rgb|hsl|color-mix)\(", style)


def test_notes_are_for_the_doctor_too() -> None:
    """Those of the period, of which the latest fit."""
    days = (NOON - timedelta(days=one) for one in (9, 1, 0))
    notes = [Note(id=f"n{day.day}", at=day, written_at=day, note=f"<{day.day}>") for day in days]
    html = report_html([*notes, cramp(at=NOON - timedelta(days=3))], NOON, 52)
    assert re.findall(r"<td>([^<]*)</td><td>&lt;(\d+)&gt;</td>", html) == [("21 Nov 2026", "21"), ("22 Nov 2026", "22")]
    many = [Note(id=f"m{one}", at=NOON, written_at=NOON, note="x" * 2000) for one in range(100)]
    html = report_html([*many, cramp(at=NOON - timedelta(days=3))], NOON, 52)
    assert "of 100.</p>" in html
    assert "<h2>Cramps</h2>" in html
    assert len(html) < 170_000


def test_a_young_diary_is_not_compared_with_itself() -> None:
    """The first two weeks and the last four have a column only where they are less than the whole."""
    columns = {3: {"All"}, 14: {"All 2 weeks"}, 20: {"First 2 weeks", "All 3 weeks"}}
    for nights, names in columns.items():
        day = NOON.date()
        html = report_html([quiet(day - timedelta(days=one)) for one in range(1, nights + 1)], NOON, 52)
        assert set(re.findall(r"<th[^>]*>((?:First|Last|All)[^<]*)", html)) == names


@pytest.mark.parametrize("weeks", [1, 8, 53, 520])
def test_an_empty_diary_has_a_report(weeks: int) -> None:
    """It says that there is nothing."""
    assert "The diary has no entry in this period." in report_html([], NOON, weeks)

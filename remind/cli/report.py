"""`remind report`: the diary as a report for a doctor."""

from pathlib import Path

import click

from remind.app import App
from remind.cli.group import WholeNumber
from remind.cli.output import check_new_file, say
from remind.files import write_atomically
from remind.page.report import MOST_WEEKS, WEEKS, entries_in, report_html

_STDOUT = "-"


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--weeks",
    default=WEEKS,
    show_default=True,
    type=WholeNumber(1, MOST_WEEKS),
    metavar="N",
    help="Report the last N weeks.",
)
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.pass_obj
def report(app: App, file: Path, weeks: int, force: bool) -> None:
    """Write a report for your doctor.

    FILE ends in .html, or is - for standard output. It has a summary on its first page and then each cramp. Open it in
    your browser to print it or save it as a PDF.

    Example: remind report cramps.html --weeks 12
    """
    to_file = str(file) != _STDOUT
    if to_file:
        check_new_file(file, (".html",), force=force)
    text = report_html(entries_in(app.store_for_reading.diary), app.now(), weeks)
    if not to_file:
        click.echo(text, nl=False)
        return
    write_atomically(file, text)
    say(f"Wrote the report to {file}. Open it in your browser to print it.")

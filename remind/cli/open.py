"""`remind open`: the program in the browser; a terminal window or lines where no browser can show it."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from remind.app import App

PAGES = {"today": "/", "stretch": "/stretch", "cramp": "/cramp"}
"""Each page that can be opened, and its path."""


@click.command("open")
@click.argument("page", type=click.Choice(list(PAGES)), default="today", metavar="[PAGE]")
@click.argument("routine", required=False)
@click.option("--print", "prints", is_flag=True, help="Print the one-time address, open no browser, and serve.")
@click.option("--speed", type=click.FloatRange(1, 100), default=1.0, help="Play N times faster, as a preview.")
@click.pass_obj
def open_(app: "App", page: str, routine: str | None, prints: bool, speed: float) -> None:
    """Open a page in your browser."""
    serve(app, page, routine, speed)


def serve(app: "App", page: str, routine: str | None, speed: float) -> None:
    from remind.guide.clock import counting_sleep
    from remind.page.server import serve as serve_page
    from remind.page.site import Site

    site = Site(app, counting_sleep(app.monotonic, lambda: app.now().timestamp()), speed)
    path = PAGES[page] + (f"?routine={routine}" if routine else "")
    serve_page(site, path, click.echo)

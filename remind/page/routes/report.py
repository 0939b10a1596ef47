"""The report for a doctor: as a sheet to read and print, and as a file to send."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from remind.page.report import MOST_WEEKS, WEEKS, entries_in, report_html, sheet
from remind.page.site import site_of

PAGE = "report"
_CHOICES = (4, 12, 26, WEEKS)


async def show(request: Request) -> Response:
    """Show the report on the last weeks."""
    site, weeks = site_of(request), _weeks(request)
    site.app.refresh()
    found = sheet(entries_in(site.app.store_for_reading.diary), site.app.now(), weeks)
    return site.render("report.html", page=PAGE, sheet=found, weeks=weeks, choices=_CHOICES)


async def save(request: Request) -> Response:
    """Answer with the report as a file of its own."""
    site = site_of(request)
    site.app.refresh()
    text = report_html(entries_in(site.app.store_for_reading.diary), site.app.now(), _weeks(request))
    return HTMLResponse(text, headers={"content-disposition": 'attachment; filename="night-leg-cramps.html"'})


def _weeks(request: Request) -> int:
    asked = request.query_params.get("weeks", "")
    weeks = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 0
    return min(weeks, MOST_WEEKS) or WEEKS


ROUTES = [Route("/report", show), Route("/report/file", save)]

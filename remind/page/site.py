"""What every page works with, and how it answers."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from remind.app import App
from remind.desktop.sound import Sounds
from remind.errors import UsageError
from remind.page.relief import Relief
from remind.page.stretch import Stretch
from remind.page.tabs import Tabs
from remind.page.templating import templates
from remind.settings.change import save_typed
from remind.settings.edit import as_typed

NIGHT_FROM, NIGHT_UNTIL = 20, 7

Sound = Literal["both", "chime", "voice", "none"]
SWITCHES: dict[Sound, tuple[bool, bool]] = {
    "both": (True, True),
    "chime": (True, False),
    "voice": (False, True),
    "none": (False, False),
}
"""The switches of the chime and of the voice for each choice on the page."""
BY_SWITCHES = {switches: sound for sound, switches in SWITCHES.items()}
_LOOK_S = 0.2
T = TypeVar("T")


class BadRequestError(UsageError):
    """What a page sent makes no sense."""


class Site:
    """The one site of this process. A route gets it by `site_of(request)`."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], float],
        speed: float = 1.0,
        speak: Callable[[str], None] | None = None,
    ) -> None:
        self.app = app
        self.clock = clock
        self.voice = Sounds(chime=False, voice=True)
        self.speak = speak or self.voice.say
        """Says words through the system, where the browser has no voice of its own."""
        self._chosen: Sound | None = None
        self.tabs = Tabs(clock)
        self.stretch = Stretch(app, self.tabs, clock, speed)
        self.relief = Relief(app, self.tabs, clock)
        self.new_phone: str | None = None
        """The address of the topic to which a phone is being connected; nothing of it is saved."""
        self.connected: Callable[[], None] = lambda: None
        """Called when a tab connects."""
        self.states: Mapping[str, Callable[[], dict[str, Any]]] = {
            "stretch": self.stretch.state_now,
            "cramp": self.relief.state_now,
        }
        """What a tab is told when it connects, by the page that it shows."""

    @property
    def night(self) -> bool:
        """Whether it is dark outside, as far as the hour tells."""
        hour = self.app.now().astimezone(self.app.zone).hour
        return hour >= NIGHT_FROM or hour < NIGHT_UNTIL

    @property
    def sound(self) -> Sound:
        """What the person wants to hear: what they chose on the page, or else what the settings say."""
        wished = self.app.loaded.settings.sound
        return self._chosen or BY_SWITCHES[wished.chime, wished.voice]

    def choose_sound(self, sound: Sound) -> None:
        """Hear `sound` from now on, and write it into the person's settings.

        Raises:
            RemindError: the settings could not be changed; for this page it is chosen all the same.
        """
        self._chosen = sound
        chime, voice = map(as_typed, SWITCHES[sound])
        save_typed({"sound.chime": chime, "sound.voice": voice}, self.app.folders)

    def warm_up(self) -> None:
        """Read and compile now what every page would have to wait for."""
        for name in templates().list_templates():
            templates().get_template(name)
        _ = self.stretch.titles, self.app.loaded
        self.voice.start()

    def tell_changed(self) -> None:
        """Tell the pages that show what is stored that it has changed."""
        for page in ("today", "diary", "report", "settings", "phone"):
            self.tabs.tell(page, {"changed": True})

    def render(self, template: str, status: int = 200, **values: object) -> Response:
        """Return the page that `template` makes of `values`."""
        html = templates().get_template(template).render(night=self.night, titles=self.stretch.titles, **values)
        return HTMLResponse(html, status)


def site_of(request: Request) -> Site:
    """Return the site that `request` came to."""
    site: Site = request.app.state.site
    return site


async def read_json(request: Request, kind: type[T]) -> T:
    """Return the `kind` that the request's JSON describes.

    Raises:
        BadRequestError: it is not JSON, or not of that kind.
    """
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"that makes no sense here: {error}") from error


async def press_awaited(site: Site, page: str, wait: Callable[[float], T | None], limit_s: float) -> T | None:
    """Return what `wait` returns of a press within `limit_s` seconds, or None; also where `page` has gone."""
    for _ in range(round(limit_s / _LOOK_S)):
        found = await run_in_threadpool(wait, _LOOK_S)
        if found is not None or site.tabs.gone_s(page):
            return found
    return None


async def show_failure(request: Request, error: Exception) -> Response:
    """Return a failure that a person can meet: a page with a way back, or one line for a script of ours."""
    if isinstance(error, ClientDisconnect):
        return PlainTextResponse("Send less.\n", 413)
    if isinstance(error, HTTPException):
        error = UsageError("There is no page at this address.")
    status = 400 if isinstance(error, BadRequestError) else 404 if isinstance(error, UsageError) else 409
    if request.method == "GET":
        return site_of(request).render("message.html", status, lines=str(error).splitlines())
    return PlainTextResponse(" ".join(str(error).split()) + "\n", status)

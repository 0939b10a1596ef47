"""The parts of the session's screen, each drawn again only when what it shows has changed, and the help over it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from remind.core.figure import Pose, Role, braille
from remind.core.routine import Side
from remind.guide.big_digits import large

_KEYS = """space  pause or continue
n      next step
b      back to the start of this step
q      quit; what you held is saved"""

_STYLES: dict[Role | None, str] = {
    None: "",
    "prop": "$foreground-muted",
    "body": "$foreground",
    "worked": "bold $success",
}


class Line(Widget):
    """Ordinary text, drawn closer together where it would not fit."""

    text: reactive[str] = reactive("")

    def render(self) -> Content:
        fits = len(self.text) <= self.size.width * self.size.height
        return Content(self.text if fits else self.text.replace(" · ", "·"))


class Big(Widget):
    """Text as large as the widget, or ordinary text in capitals where it is too small for that."""

    text: reactive[str] = reactive("")

    def __init__(self, *, id: str, plain: bool) -> None:  # noqa: A002 (as its base has it)
        super().__init__(id=id)
        self._plain = plain

    def render(self) -> Content:
        lines = large(self.text, self.size.width, self.size.height, plain=self._plain)
        return Content("\n".join(lines) if lines else self.text.upper())


class Bar(Widget):
    """How much of something has passed, from 0 to 1."""

    part: reactive[float] = reactive(0.0)

    def __init__(self, *, id: str, plain: bool) -> None:  # noqa: A002 (as its base has it)
        super().__init__(id=id)
        self._passed, self._coming = "=-" if plain else "━╌"

    def render(self) -> Content:
        full = round(self.part * self.size.width)
        return Content(self._passed * full + self._coming * (self.size.width - full))


class Figure(Widget):
    """The stick figure in its pose, as large as the widget; nothing without a pose."""

    drawn: reactive[tuple[Pose | None, Side | None]] = reactive((None, None))

    def render(self) -> Content:
        pose, side = self.drawn
        if pose is None or not self.size:
            return Content("")
        picture = braille(pose, side, self.size.width, self.size.height)
        return Content("\n").join(Content.assemble(*((text, _STYLES[role]) for text, role in line)) for line in picture)


class Help(ModalScreen[None]):
    """What the keys do and what to watch out for; any of its keys goes back to the session."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter,escape,question_mark", "dismiss(None)")]

    def __init__(self, cautions: tuple[str, ...]) -> None:
        super().__init__()
        self._cautions = cautions

    def compose(self) -> ComposeResult:
        cautions = "\n".join(f"– {caution}" for caution in self._cautions)
        with VerticalScroll(id="help"):
            yield Static(f"{_KEYS}\n\n{cautions}\n\nPress space to go back.", markup=False)

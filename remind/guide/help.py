"""What the keys do and what to mind, laid over the session."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from remind.guide.guidance import Guidance

_KEYS = """space  pause, or go on
n      next part
b      back: this part again
q      end, keep what was held"""


class Help(ModalScreen[None]):
    """Any of its keys goes back to the session."""

    CSS = """
    Help { align: center middle; }
    #help { width: 90%; max-width: 76; height: auto; max-height: 100%; border: round $primary; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,enter,escape,question_mark", "dismiss(None)")]

    def __init__(self, guidance: Guidance) -> None:
        super().__init__()
        self._cautions = guidance.cautions

    def compose(self) -> ComposeResult:
        cautions = "\n".join(f"– {caution}" for caution in self._cautions)
        with VerticalScroll(id="help"):
            yield Static(f"{_KEYS}\n\n{cautions}\n\nSpace goes back.", markup=False)

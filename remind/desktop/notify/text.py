"""Makes text safe for a notification or a line: no control characters, no markup, no great length."""

import re

MOST_TITLE = 200
MOST_BODY = 2000
"""Characters. dunst stops at 5,000, and nobody reads that many in a notification."""

# A lone surrogate cannot be sent; a control would be drawn as a box, or obeyed by a terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain(text: str, most: int = MOST_BODY) -> str:
    """Return `text` without control characters, its lines kept, cut with "…" to at most `most` characters."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def one_line(text: str) -> str:
    """Return `text` as `plain` does, but on one line of at most `MOST_TITLE` characters."""
    without = _CONTROLS.sub("", " ".join(text.split()))  # may leave two spaces in a row
    return plain(" ".join(without.split()), MOST_TITLE)


def escaped(text: str) -> str:
    """Return `text` with markup escaped, so that it is shown as it was written."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

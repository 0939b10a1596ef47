"""The session's screen as text, for snapshots, and as a drawing that needs no font for blocks and braille."""

import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from textual.app import App

RENEW = "REMIND_RENEW"
"""Set this variable to write the snapshots and the README's picture anew: REMIND_RENEW=1 pytest tests/guide"""

_CELL_W, _CELL_H, _MARGIN = 8, 17, 12
_HALVES = {"█": (0.0, 1.0), "▀": (0.0, 0.5), "▄": (0.5, 1.0)}
_DOTS = (
    (0x01, 0, 0),
    (0x02, 0, 1),
    (0x04, 0, 2),
    (0x40, 0, 3),
    (0x08, 1, 0),
    (0x10, 1, 1),
    (0x20, 1, 2),
    (0x80, 1, 3),
)


def text_of(app: App[Any]) -> str:
    """The screen, a line of text for each of its lines."""
    strips = app.screen_stack[-1]._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"


def svg_of(app: App[Any], title: str) -> str:
    """The screen as one self-contained SVG."""
    width, height = app.size
    shapes = [
        cell for y, strip in enumerate(app.screen_stack[-1]._compositor.render_strips()) for cell in _line(strip, y)
    ]
    w, h = width * _CELL_W + 2 * _MARGIN, height * _CELL_H + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" role="img" shape-rendering="crispEdges">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{w}" height="{h}" rx="8" fill="#121212"/>\n'
        f'<g transform="translate({_MARGIN} {_MARGIN})" font-family="ui-monospace,monospace" font-size="13">\n'
        + "\n".join(shapes)
        + "\n</g>\n</svg>\n"
    )


def same_as_kept(kept: Path, now: str) -> bool:
    """Whether the file `kept` is what the screen shows now; written anew when that is asked for."""
    if os.environ.get(RENEW):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(now, encoding="utf-8")
    return kept.read_text(encoding="utf-8") == now


def _line(strip: Any, y: int) -> list[str]:
    shapes, x = [], 0
    for segment in strip:
        color = segment.style.color if segment.style else None
        fill = color.get_truecolor().hex if color else "#e0e0e0"
        shapes.extend(_run(segment.text, x, y, fill))
        x += segment.cell_length
    return shapes


def _run(text: str, x: int, y: int, fill: str) -> list[str]:
    top, path, words = y * _CELL_H, [], ""
    for place, character in enumerate(text, start=x):
        left = place * _CELL_W
        words += " " if character in _HALVES or "\u2800" <= character <= "\u28ff" else character
        if character in _HALVES:
            begin, end = (part * _CELL_H for part in _HALVES[character])
            path.append(f"M{left} {top + begin:g}h{_CELL_W}v{end - begin:g}h-{_CELL_W}z")
        elif "\u2800" < character <= "\u28ff":
            bits = ord(character) - 0x2800
            path += [f"M{left + 4 * a:g} {top + 4.25 * d:g}h4v4.25h-4z" for bit, a, d in _DOTS if bits & bit]
    shapes = [f'<path fill="{fill}" d="{"".join(path)}"/>'] if path else []
    if words.strip():
        start = x + len(words) - len(words.lstrip())
        words = words.strip()
        shapes.append(
            f'<text x="{start * _CELL_W}" y="{top + 13}" fill="{fill}" textLength="{len(words) * _CELL_W}" '
            f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(words)}</text>'
        )
    return shapes

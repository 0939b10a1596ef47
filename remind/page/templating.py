"""The templates of the pages and of the report."""

from functools import cache
from pathlib import Path

import jinja2

from remind.core.drawing import INSET_VIEW_BOX, PATTERNS, VIEW_BOX, outline
from remind.page.words import linked

FOLDER = Path(__file__).parent


@cache
def templates() -> jinja2.Environment:
    """Return the environment that renders the templates, with everything that people typed escaped."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    found.filters["linked"] = linked
    found.filters["outlines"] = lambda hulls: "".join(map(outline, hulls))
    found.globals.update(patterns=PATTERNS, view_box=VIEW_BOX, inset_view_box=INSET_VIEW_BOX)
    return found

"""The templates of the pages and of the report."""

from pathlib import Path

import jinja2

FOLDER = Path(__file__).parent


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
    return found

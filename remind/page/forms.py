"""What pages send: a form is answered with what was done, or what is wrong beside its field; a button with nothing."""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from remind.errors import RemindError, UsageError
from remind.page.site import BadRequestError, Site, read_json, site_of
from remind.settings.change import NewFaultsError

F = TypeVar("F")
T = TypeVar("T")

_CHOSEN = re.compile(r"^'\d{4,6}-\d\d-\d\d(?:[T ]\d\d:\d\d)?' ")
"""A day, or a day and a time, as a browser sends what was chosen in a field for it."""


class FieldError(UsageError):
    """Something is wrong in a form; `fields` has a sentence for each field."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


def form(path: str, kind: type[F], action: Callable[[Site, F], str | Awaitable[str]]) -> Route:
    """Return the route on which a form of `kind` is sent; `action` does it and returns what to say."""

    async def answer(request: Request) -> Response:
        site, sent = site_of(request), await read_json(request, kind)
        site.app.refresh()
        try:
            done = action(site, sent)
            said = await done if inspect.isawaitable(done) else done
        except BadRequestError:
            raise
        except FieldError as error:
            return JSONResponse({"faults": {name: _fault(words) for name, words in error.fields.items()}}, 422)
        except RemindError as error:
            return JSONResponse({"error": sentence(" ".join(str(error).split()))}, 409)
        site.tell_changed()
        return JSONResponse({"said": said})

    return Route(path, answer, methods=["POST"])


class Nothing(msgspec.Struct):
    """What a button or form sends that needs no words."""


def button(path: str, kind: type[F], action: Callable[[Site, F], object]) -> Route:
    """Return the route of a button that sends a `kind`; `action` does what it says."""

    async def answer(request: Request) -> Response:
        action(site_of(request), await read_json(request, kind))
        return Response(status_code=204)

    return Route(path, answer, methods=["POST"])


def beside_fields(error: NewFaultsError, fields: Mapping[str, str]) -> FieldError:
    """Return `error` with each fault beside the field of its key, or of the first key where it has none of its own."""
    wrong: dict[str, list[str]] = {}
    for fault in error.faults:
        where = ".".join(str(part) for part in fault.where if isinstance(part, str))
        near = (field for key, field in fields.items() if key == where or where.startswith(f"{key}."))
        under = (field for key, field in fields.items() if key.startswith(f"{where}."))
        field = next(near, None) or next(under, None) or next(iter(fields.values()))
        wrong.setdefault(field, []).append(sentence(fault.words))
    return FieldError({field: " ".join(dict.fromkeys(words)) for field, words in wrong.items()})


def read_field(name: str, read: Callable[[str], T], text: str) -> T:
    """Return what `read` makes of the `text` in the field `name`. Raise FieldError if it can't."""
    try:
        return read(text)
    except (UsageError, ValueError) as error:
        raise FieldError({name: str(error)}) from error


def read_number(name: str, text: str, least: int, most: int) -> int | None:
    """Return the whole number in the field `name`, None where it is empty. Raise FieldError if it is none."""
    if not text.strip():
        return None
    if text.strip().isdecimal() and least <= int(text) <= most:
        return int(text)
    raise FieldError({name: f"{text[:60]!r} is not a whole number from {least} to {most}."})


def _fault(words: str) -> str:
    """Return `words` as a sentence that quotes only what people typed themselves: no empty field and no chosen day."""
    return "Fill this in." if words.startswith("''") else sentence(_CHOSEN.sub("That ", words))


def sentence(words: str) -> str:
    """Return `words` as a sentence: a capital first, unless it is a key or command, and a full stop at the end."""
    words = words.strip()
    first = words.split(" ", 1)[0]
    if first.isalpha():
        words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "?", "!")) else f"{words}."

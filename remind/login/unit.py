"""The text of a systemd unit: filled in, quoted for systemd, and sealed with a checksum so that an edit shows."""

from string import Template

from remind.errors import RemindError
from remind.login.installation import Installation
from remind.login.sealed_file import digest

_SEAL = "# seal "
# systemd.syntax(7): C escapes inside double quotes; systemd.unit(5): a lone % is a specifier.
_ESCAPES = {"\\": r"\\", '"': r"\"", "%": "%%"}
_ESCAPES |= {chr(code): f"\\x{code:02x}" for code in (*range(1, 32), 127)}


def render(template: str, installation: Installation) -> str:
    """Return the sealed unit that runs `installation`. Raise RemindError if a path is not UTF-8."""
    settings = [quote(f"{name}={value}") for name, value in installation.environment.items()]
    # systemd.service(5): a command line expands $ as well; Environment= does not.
    interpreter = quote(installation.interpreter.replace("$", "$$"))
    body = Template(template).substitute(interpreter=interpreter, environment=" ".join(settings))
    return f"{body}{_SEAL}{digest(body)}\n"


def quote(word: str) -> str:
    """Return `word` as one word of a line in a unit. Raise RemindError if it is not UTF-8."""
    if any("\ud800" <= character <= "\udfff" for character in word):
        raise RemindError(f"{word!a}: systemd takes only paths in UTF-8; install remind elsewhere")
    return '"' + "".join(_ESCAPES.get(character, character) for character in word) + '"'


def is_as_written(text: str) -> bool:
    """Return whether `text` is a unit that some version of `render` wrote and nobody has edited since."""
    body, seal, found = text.rpartition(_SEAL)
    return bool(seal) and found == f"{digest(body)}\n"

"""Words and values of desktop entries: see the Desktop Entry Specification, "Basic format" and "The Exec key"."""

import re
from collections.abc import Iterable

from remind.errors import RemindError

_PLAIN = re.compile(r"[\w@+=:,./-]+", re.ASCII)
_STRING = {"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}


def string(text: str) -> str:
    """Return `text` as the value of a key. Raise RemindError if it is not UTF-8."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise RemindError(f"{text!a}: a desktop takes only paths in UTF-8; install remind elsewhere")
    return "".join(_STRING.get(character, character) for character in text)


def command(words: Iterable[str]) -> str:
    """Return `words` as the value of Exec, which is quoted like a shell's words and then escaped like any value."""
    return " ".join(map(_word, words))


def values(text: str) -> dict[str, str]:
    """Return the keys of the main group of a desktop entry with their values, both as they are written."""
    found = {}
    for line in text.partition("[Desktop Entry]")[2].splitlines():
        if line.startswith("["):
            break
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[key.strip()] = value.strip()
    return found


def _word(word: str) -> str:
    if not _PLAIN.fullmatch(word):
        word = '"' + re.sub(r'(["`$\\])', r"\\\1", word) + '"'
    return string(word.replace("%", "%%"))

"""Text made safe for notifications and lines."""

import html
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from remind.desktop.notify.text import escaped, one_line, plain

ANY = st.text(st.characters(), max_size=300)  # with controls and lone surrogates


@given(ANY)
def test_plain_text_can_be_sent_and_obeys_nothing(text: str) -> None:
    """No control but a line break or a tab is left, and no lone surrogate."""
    result = plain(text)
    result.encode()
    assert all(unicodedata.category(char) not in ("Cc", "Cs") or char in "\n\t" for char in result)


@given(ANY)
def test_plain_text_loses_nothing_that_can_be_read(text: str) -> None:
    """Every letter, number, sign and format character stays, in its order."""

    def legible(text: str) -> str:
        return "".join(char for char in text if unicodedata.category(char)[0] in "LMNPS" or char == "\u202e")

    assert legible(plain(text)) == legible(text)


@given(ANY, st.integers(1, 40))
def test_a_cut_is_no_longer_than_allowed_and_shows(text: str, most: int) -> None:
    """A cut text ends in an ellipsis; one that fits is left whole."""
    whole, cut = plain(text), plain(text, most)
    assert len(cut) <= most
    assert cut == whole if len(whole) <= most else cut.endswith("…")


@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    """No character that breaks a line anywhere is left."""
    assert len(one_line(text).splitlines()) <= 1


@given(ANY)
@example("0 \x08\r0")
def test_made_plain_twice_is_made_plain_once(text: str) -> None:
    """What is plain stays as it is."""
    assert plain(plain(text)) == plain(text)
    assert one_line(one_line(text)) == one_line(text)


@given(ANY)
def test_escaped_text_is_read_as_it_was_written(text: str) -> None:
    """A reader of markup sees the text, and no markup in it."""
    assert html.unescape(escaped(text)) == text
    assert not set("<>") & set(escaped(text))

"""Tables are turned into values, or into the list of everything that is wrong with them."""

import tomllib
from datetime import time, timedelta
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.schema import Fault, Millilitres, SchemaError, nearest, one_line, read, show, within


class Cup(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    holds: Millilitres
    from_: time | None = None
    colour: Literal["red", "blue"] = "red"
    full: bool = False

    def __post_init__(self) -> None:
        if self.full and self.colour == "blue":
            raise ValueError("a blue cup is never full")


class Shelf(msgspec.Struct, frozen=True):
    cup: Cup
    cups: dict[Literal["left", "right"], Cup] = {}
    row: tuple[Cup, ...] = ()
    width: Annotated[int, within(1, 5)] = 3
    rest: Annotated[timedelta | None, within(timedelta(seconds=10), timedelta(hours=1))] = None
    label: str = ""
    tilt: float = 0
    teas: dict[Annotated[str, one_line(8)], Millilitres] = {}

    def __post_init__(self) -> None:
        if sum(cup.holds for cup in self.row) > 1000:
            raise ValueError("a row holds 1 L at most")


CUP: dict[str, Any] = {"holds": "250 ml"}


def faults(**table: object) -> list[str]:
    """Return what is wrong with a shelf that has the keys of `table`."""
    return refusal({"cup": CUP, **table})


def refusal(table: object) -> list[str]:
    """Return what is wrong with a shelf that is described by `table`."""
    with pytest.raises(SchemaError) as refused:
        read(table, Shelf)
    lines = str(refused.value).splitlines()
    assert lines == [str(fault) for fault in refused.value.faults]
    return lines


def test_a_table_becomes_a_value() -> None:
    """Each key is read by its type, in nested tables and lists of tables too."""
    table = {
        "cup": {"holds": "8 oz", "from": "7:30", "colour": "blue"},
        "cups": {"left": CUP},
        "row": [CUP, {"holds": "100 ml", "full": True}],
        "width": 5,
        "rest": "90 s",
        "label": "top",
        "tilt": 2,
        "teas": {"green": "2 dl", "x" * 8: "1 L"},
    }
    cup = Cup(Millilitres(250))
    assert read(table, Shelf) == Shelf(
        Cup(Millilitres(237), time(7, 30), "blue"),
        {"left": cup},
        (cup, Cup(Millilitres(100), full=True)),
        5,
        timedelta(seconds=90),
        "top",
        2.0,
        {"green": Millilitres(200), "x" * 8: Millilitres(1000)},
    )


def test_what_is_not_there_has_its_default() -> None:
    """Only keys without a default are required."""
    assert read({"cup": CUP}, Shelf) == Shelf(Cup(Millilitres(250)))


def test_every_fault_is_told_at_once() -> None:
    """Each fault has a line, in the order of the file, with missing keys last."""
    told = faults(
        cup={"hold": "1 L", "full": 1}, width=9, label=3, rest="1 s", row=[{"holds": "much"}], cups={"middle": CUP}
    )
    assert told == [
        "cup.hold: is not known. Did you mean 'holds'?",
        "cup.full: 1 is not true or false",
        "cup.holds: is missing",
        "width: 9 is not between 1 and 5",
        'label: 3 is not a text in quotes, as in "…"',
        "rest: '1 s' is not between 10 s and 1 h",
        'row 1: holds: \'much\' is not an amount. Write it as "250 ml", "8 oz" or "1.5 L".',
        "cups.middle: is not known. Known here: left, right",
    ]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ({"cup": 3}, "cup: 3 is not a table"),
        ({"cups": [CUP]}, "cups: a list is not a table"),
        ({"row": CUP}, 'row: a table is not a list, as in ["…", "…"]'),
        ({"width": True}, "width: true is not a whole number"),
        ({"width": 2.5}, "width: 2.5 is not a whole number"),
        ({"width": "3"}, "width: '3' is not a whole number"),
        ({"label": False}, 'label: false is not a text in quotes, as in "…"'),
        ({"cup": {**CUP, "full": 1}}, "cup.full: 1 is not true or false"),
        ({"cup": {**CUP, "full": "yes"}}, "cup.full: 'yes' is not true or false"),
        ({"cup": {**CUP, "colour": "green"}}, "cup.colour: 'green' is not one of 'red', 'blue'"),
        ({"cup": {**CUP, "from": "7"}}, "cup.from: '7' is not a time of day. Write it as 22:30 or 10:30 pm."),
        ({"rest": 90}, 'rest: 90 is not a duration. Write it as "30 min", "90 s" or "1h30".'),
        ({"rest": "2 years"}, 'rest: \'2 years\' is not a duration. Write it as "30 min", "90 s" or "1h30".'),
        ({"rest": "999 days"}, "rest: '999 days' is longer than a year."),
        (
            {"cup": {"holds": True}},
            'cup.holds: true is not an amount. Write it as "250 ml", "8 oz" or "1.5 L".',
        ),
        ({"cup": {**CUP, "colour": "blue", "full": True}}, "cup: a blue cup is never full"),
        ({"width": 0}, "width: 0 is not between 1 and 5"),
        ({"rest": "61 min"}, "rest: '61 min' is not between 10 s and 1 h"),
        ({"tilt": True}, "tilt: true is not a number"),
        ({"tilt": "2"}, "tilt: '2' is not a number"),
        ({"teas": {"": "1 L"}}, "teas.: is not one line of 1 to 8 characters"),
        ({"teas": {"x" * 9: "1 L"}}, "teas.xxxxxxxxx: is not one line of 1 to 8 characters"),
        ({"teas": {"a\nb": "1 L"}}, r"teas.a\nb: is not one line of 1 to 8 characters"),
        ({"row": [{"holds": "600 ml"}] * 2}, "a row holds 1 L at most"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_would_be_right(table: dict[str, object], line: str) -> None:
    """The message has the key, the value as the file has it, and what would be right."""
    assert faults(**table) == [line]


@pytest.mark.parametrize("least_or_most", [{"width": 1, "rest": "10 s"}, {"width": 5, "rest": "1 h"}])
def test_a_range_includes_its_ends(least_or_most: dict[str, object]) -> None:
    """Both the least and the most are accepted."""
    read({"cup": CUP, **least_or_most}, Shelf)


def test_a_file_that_is_not_a_table_has_a_fault_without_a_key() -> None:
    """The message begins with the value."""
    assert refusal([]) == ["a list is not a table"]


def test_keys_together_are_looked_at_only_when_each_is_right() -> None:
    """A second complaint about a value that is refused already would mislead."""
    assert faults(row=[{"holds": 1}])[0].startswith("row 1: holds: 1 is not an amount")
    assert faults(cup={"holds": "5 ml", "colour": "blue", "full": "no"}) == ["cup.full: 'no' is not true or false"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (12, "12"),
        ("x", "'x'"),
        ("a\nb\x1b[31m", r"'a\nb\x1b[31m'"),
        ("x" * 100, "'" + "x" * 57 + "…'"),
        (1 << 200_000, "a huge number"),
        (1 << 128, "a huge number"),
        ((1 << 128) - 1, "340282366920938463463374607431768211455"),
        ({"a": 1}, "a table"),
        ([1, 2], "a list"),
        (time(7, 30), "07:30:00"),
    ],
    ids=range(11),
)
def test_what_stood_there_fits_on_a_line_and_is_safe_on_a_terminal(value: object, shown: str) -> None:
    """Short, printable, however long, deep or hostile it is."""
    assert show(value) == shown


def test_a_key_that_is_hostile_is_made_safe() -> None:
    """A key with a line break and a colour code stays one printable line."""
    assert str(Fault(("a\nb\x1b[31m",), "is not known")) == r"a\nb\x1b[31m: is not known"


def test_a_table_of_any_depth_is_refused_in_a_line() -> None:
    """The table is deeper than Python can print."""
    deep = tomllib.loads("width" + ".a" * 900 + " = 1")
    assert faults(**deep) == ["width: a table is not a whole number"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("bedtim", "Did you mean 'bedtime'?"), ("xyz", "Known here: bedtime, wake"), ("", "Known here: bedtime, wake")],
)
def test_an_unknown_name_points_to_the_nearest(name: str, words: str) -> None:
    """If none is near, all names are listed."""
    assert nearest(name, ["wake", "bedtime"]) == words


@given(st.times())
def test_a_time_of_day_may_be_one_of_toml(wall: time) -> None:
    """Its seconds are dropped, so two times in one minute are the same."""
    found = read({"cup": {**CUP, "from": wall.replace(fold=0)}}, Shelf).cup.from_
    assert found == time(wall.hour, wall.minute)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["cup", "cups", "row", "width", "rest", "label", "holds", "from", "left"])


@given(st.dictionaries(KEYS | st.text(max_size=8), JSON | st.dictionaries(KEYS, JSON, max_size=3), max_size=5))
def test_any_table_is_read_or_refused_in_printable_lines(table: dict[str, object]) -> None:
    """No file can cause anything worse."""
    faults: list[Fault] = []
    try:
        read(table, Shelf)
    except SchemaError as error:
        faults = error.faults
    assert all(str(fault).isprintable() for fault in faults)

"""Settings files changed key by key: only that key changes, and what a person wrote beside it stays."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.errors import SettingsError, UsageError
from remind.settings.edit import flat, kind_at, read_typed, with_value, without
from remind.settings.model import look_up

FILE = """\
# how I live
[day]
wake = '06:30'   # early

# weekends
[day.on.sat]
bedtime = "00:30"

# about stretching

[stretch]   # calves
lead = "20 min" # enough

# about water
[water]
# every = "1 h"
enabled = true

# the end
"""


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("stretch.lead", "1 h", 'lead = "20 min" # enough', 'lead = "1 h" # enough'),
        ("day.wake", "07:00", "wake = '06:30'   # early", 'wake = "07:00"   # early'),
        ("stretch.times", 2, 'lead = "20 min" # enough\n', 'lead = "20 min" # enough\ntimes = 2\n'),
        ("day.bedtime", "22:00", "# early\n", '# early\nbedtime = "22:00"\n'),
        ("day.on.sat.wake", "9:00", '"00:30"\n', '"00:30"\nwake = "9:00"\n'),
        ("water.every", "2 h", "enabled = true\n", 'enabled = true\nevery = "2 h"\n'),
        ("notify.snooze", "5 min", "# the end\n", '# the end\n\n[notify]\nsnooze = "5 min"\n'),
        ("reminder.tea.at", ["16:00"], "# the end\n", '# the end\n\n[reminder.tea]\nat = ["16:00"]\n'),
    ],
)
def test_one_change_touches_one_place(key: str, value: object, before: str, after: str) -> None:
    """A value is replaced where it stands, a new key ends its section, a new section the file."""
    assert FILE.count(before) == 1
    assert with_value(FILE, key, value) == FILE.replace(before, after)


def test_a_section_without_keys_takes_its_first() -> None:
    """The key is put under its heading, not below the comment of the next one."""
    text = "[stretch]\n\n# about water\n[water]\n"
    assert with_value(text, "stretch.times", 2) == "[stretch]\ntimes = 2\n\n# about water\n[water]\n"


def test_a_new_file_starts_with_the_section() -> None:
    """Only what was there already comes before it."""
    assert with_value("", "stretch.times", 2) == "[stretch]\ntimes = 2\n"
    assert with_value("# mine", "stretch.times", 2) == "# mine\n\n[stretch]\ntimes = 2\n"


@pytest.mark.parametrize(
    "text",
    [
        'day.on.sat.wake = "08:00"\n',
        'day = {on = {sat = {wake = "08:00"}}}\n',
        '[day]\non.sat.wake = "08:00"\n',
        '[day.on]\nsat = {wake = "08:00"}\n',
        '["day"."on".sat]\nwake = "08:00"\n',
        '[ day . on . sat ]\nwake = "08:00"',
        '[reminder.x]\ntitle = """\n[day.on.sat]\n"""\n[day.on.sat]\nwake = "08:00"\n',
        '[day.on.sun]\nwake = "9:00"\n[stretch]\ntimes = 2\n[day]\nwake = "7:00"\n',
    ],
)
def test_every_way_to_write_a_table_can_be_changed(text: str) -> None:
    """Dotted, inline, quoted, spaced and scattered tables take a key and give it back."""
    changed = with_value(text, "day.on.sat.bedtime", "00:30")
    assert look_up(tomllib.loads(changed), "day.on.sat.bedtime") == "00:30"
    back = tomllib.loads(without(changed, "day.on.sat.bedtime"))
    assert dict(flat(back)) == dict(flat(tomllib.loads(text)))


def test_removing_a_value_leaves_everything_else() -> None:
    """Only its own line is removed."""
    assert without(FILE, "stretch.lead") == FILE.replace('lead = "20 min" # enough\n', "")


def test_removing_a_table_leaves_the_comments_around_it() -> None:
    """The comment of the next section stays with it."""
    assert without(FILE, "stretch") == FILE.replace('[stretch]   # calves\nlead = "20 min" # enough\n', "")


@pytest.mark.parametrize("text", ["day = 3\n", "[[day]]\nwake = 1\n", "day = []\n", '[day]\non = "x"\n'])
def test_a_value_where_a_table_belongs_is_reported(text: str) -> None:
    """Nothing is guessed or replaced."""
    with pytest.raises(SettingsError, match=r"day\.on\.sat\.wake.*config edit"):
        with_value(text, "day.on.sat.wake", "08:00")


_VALUES = st.one_of(st.text(), st.booleans(), st.integers(0, 99), st.lists(st.text(max_size=5), max_size=3))
_NAMES = st.sampled_from(["wake", "lead", "at", "tea", "on"])
_KEYS = st.lists(_NAMES, min_size=1, max_size=4).map(".".join)
_COMMENTS = st.text(st.characters(categories=["L", "Nd", "Zs"]), max_size=12)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Generate a handwritten settings file: sections with keys, and comments before, beside and after them."""
    lines, seen = [], set()
    for section in draw(st.lists(st.lists(_NAMES, min_size=1, max_size=3).map(tuple), max_size=4, unique=True)):
        if any(section[: len(one)] == one or one[: len(section)] == section for one in seen):
            continue
        seen.add(section)
        lines += [f"# {draw(_COMMENTS)}", f"[{'.'.join(section)}]"]
        for name in draw(st.lists(_NAMES, max_size=3, unique=True)):
            lines += [f"{name} = {draw(st.integers(0, 9))}  # {draw(_COMMENTS)}"]
        lines += [""] * draw(st.integers(0, 2))
    return "\n".join([*lines, f"# {draw(_COMMENTS)}"]) + draw(st.sampled_from(["", "\n"]))


def comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


def put(table: dict[str, Any], key: str, value: object) -> None:
    *path, name = key.split(".")
    for part in path:
        table = table.setdefault(part, {})
    table[name] = value


def blocks(table: Mapping[str, object], key: str) -> bool:
    parts = key.split(".")
    above = (look_up(table, ".".join(parts[:depth])) for depth in range(1, len(parts)))
    return any(one is not None and not isinstance(one, Mapping) for one in above)


@given(files(), _KEYS, _VALUES.filter(lambda value: not isinstance(value, str) or value.isprintable()))
def test_setting_changes_the_key_and_nothing_else(text: str, key: str, value: object) -> None:
    """For any file and value, only that key differs, and no comment is lost or moved."""
    table = tomllib.loads(text)
    if blocks(table, key) or isinstance(look_up(table, key), Mapping):
        return
    changed = with_value(text, key, value)
    put(table, key, value)
    assert tomllib.loads(changed) == table
    if "#" not in str(value):
        assert comments(changed) == comments(text)


@given(files(), st.data())
def test_removing_changes_the_key_and_nothing_else(text: str, data: st.DataObject) -> None:
    """For any file and any of its keys, every other key stays."""
    keys = [key for key, _ in flat(tomllib.loads(text))]
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    left = dict(flat(tomllib.loads(without(text, key))))
    assert left == {one: value for one, value in flat(tomllib.loads(text)) if one != key}


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("stretch.lead", "20 min", "20 min"),
        ("stretch.lead", '"20 min"', "20 min"),
        ("stretch.times", "3", 3),
        ("stretch.times", "three", "three"),
        ("stretch.enabled", "false", False),
        ("stretch.enabled", "no", "no"),
        ("reminder.move.at", "10:00,15:00", ["10:00", "15:00"]),
        ("reminder.move.at", " 10:00 , 15:00,", ["10:00", "15:00"]),
        ("reminder.move.at", '["10:00", "15:00"]', ["10:00", "15:00"]),
        ("reminder.move.days", "mon", ["mon"]),
        ("reminder.move.title", '[Up] and "down"', '[Up] and "down"'),
        ("reminder.move.title", '"Up" and down', '"Up" and down'),
        ("reminder.move.message", "", ""),
        ("water.target", "1.6 L", "1.6 L"),
    ],
)
def test_typed_text_is_read_by_the_type_of_the_setting(key: str, typed: str, value: object) -> None:
    """A list has commas, a number is a number, and text may have quotes or none."""
    assert read_typed(key, typed) == value


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("strech.lead", "strech is not a setting. Did you mean 'stretch'?"),
        ("stretch.led", "stretch.led is not a setting. Did you mean 'stretch.lead'?"),
        ("stretch.lead.s", "stretch.lead.s is not a setting. stretch.lead is a single value"),
        ("day.on.satt.wake", "day.on.satt is not a setting. Did you mean 'day.on.sat'?"),
        ("reminder.tea.titel", "reminder.tea.titel is not a setting. Did you mean 'reminder.tea.title'?"),
        ("bedtime", "bedtime is not a setting. Did you mean 'day.bedtime'?"),
        ("enabled", "enabled is not a setting. Known here"),
        ("", "Known here"),
        ("..", "Known here"),
    ],
)
def test_an_unknown_key_is_named_with_the_nearest(key: str, words: str) -> None:
    """The message names the wrong part and a likely right one."""
    with pytest.raises(UsageError, match=words.replace("?", r"\?")):
        kind_at(key)


@pytest.mark.parametrize("key", ["day", "day.on", "day.on.sat", "reminder", "reminder.tea", "stretch"])
def test_a_table_is_not_set_as_one_value(key: str) -> None:
    """The message names a key in the table that can be set."""
    with pytest.raises(UsageError, match=rf"{key} is a table. Set what is in it, as in {key}\.") as told:
        read_typed(key, "x")
    example = str(told.value).rpartition(" ")[2]
    assert kind_at(example) is not None


def test_what_is_not_utf8_is_refused() -> None:
    """Bytes that a settings file can't contain are reported before anything is written."""
    with pytest.raises(UsageError, match="UTF-8"):
        read_typed("reminder.move.title", "\udcff")

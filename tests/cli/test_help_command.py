"""`remind help`: topics, the help of each command, and that what the topics say works."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from cli_runner import Person
from test_readme import STAYING

from remind.cli.values import topics
from remind.files import read_text, shipped
from remind.settings import edit, model
from remind.settings.described import described

SETTINGS = shipped() / "settings.toml"


def lines(topic: str) -> list[str]:
    """The lines of a topic that stand apart: commands, files and tables."""
    text = read_text(shipped() / "topics" / f"{topic}.txt")
    return [line[4:] for line in text.splitlines() if line.startswith("    ") or not line]


def test_without_a_word_it_lists_the_topics(person: Person) -> None:
    """Each with its title, which is the first line of the topic."""
    said = person.types("help")
    assert said.code == 0
    for name, title in topics().items():
        assert re.search(rf"^  {name} +{title}$", said.out, re.MULTILINE)
        assert person.types("help", name).out.startswith(f"{title}\n\n")


@pytest.mark.parametrize("topic", topics())
def test_a_topic_fits_and_reads_as_one_text(person: Person, topic: str) -> None:
    """In 80 columns, with every command in it working, typed one a day."""
    assert max(map(len, person.types("help", topic).out.splitlines())) <= 80 or topic == "settings"
    person.writes_settings('[phone]\nntfy = "https://ntfy.example.org/topic"\n')
    text = read_text(shipped() / "topics" / f"{topic}.txt")
    spans = [span for span in re.findall(r"`([^`]+)`", text) if span.startswith("remind ") and span != "remind help"]
    commands = [line for line in lines(topic) if line.startswith("remind ")]
    person.at("22:05")
    for line in [*commands, *spans]:
        words = shlex.split(line)[1:]
        waits = " ".join(words).startswith(STAYING) or line in spans
        said = person.later(days=1).types(*words, *(["--help"] if waits and words[0] != "--help" else []))
        assert said.code == 0 or words == ["doctor"], (words, said)


@pytest.fixture(autouse=True)
def _in_a_folder_with_the_routine(person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the file that the topic about routines shows, which is in the person's routines too."""
    monkeypatch.chdir(tmp_path)
    example = "\n".join(line for line in lines("own-routine") if not line.startswith("remind "))
    person.folders.routines.mkdir(parents=True)
    for folder in (tmp_path, person.folders.routines):
        (folder / "my-routine.toml").write_text(example, encoding="utf-8")


def test_the_example_of_a_routine_is_what_was_prescribed(person: Person) -> None:
    """Three holds of 20 seconds with each leg, with time to get ready."""
    (found,) = [one for one in person.types("routines", "--json").json if one["name"] == "my-routine"]
    holds = [phase for phase in found["phases"] if phase["kind"] == "hold"]
    assert [phase["side"] for phase in holds] == ["left", "right"] * 3
    assert {phase["seconds"] for phase in holds} == {20}
    assert (found["phases"][0]["kind"], found["phases"][0]["seconds"]) == ("ready", 20)


def test_the_settings_are_those_of_the_shipped_file(person: Person) -> None:
    """Each with the default that applies, or with an example that is right; each word of the comments is there."""
    text = read_text(SETTINGS)
    found = {one.key: one for one in described(text) if one.value}
    defaults = dict(edit.flat(model.defaults()))
    assert {key: tomllib.loads(f"x = {one.value}")["x"] for key, one in found.items() if one.has_default} == defaults
    for key, one in found.items():
        if not one.has_default:
            value = tomllib.loads(f"x = {one.value}")["x"]
            assert person.types("config", "set", key, edit.as_typed(value)).code == 0 or key == "water.target"
    said = " ".join(person.types("help", "settings").out.split())
    comments = " ".join(" ".join(line.lstrip("#").split()) for line in text.partition("\n\n")[2].splitlines())
    for sentence in re.findall(r"[A-Z][a-z ]{20,}\.", comments):
        assert sentence in said


def test_a_command_is_explained_as_by_its_own_option(person: Person) -> None:
    """A command in a group too."""
    for words in (("stretch",), ("log", "cramp"), ("log",)):
        assert person.types("help", *words).out == person.types(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prvacy",), "there is no help for 'prvacy'. Did you mean 'privacy'?"),
        (("log", "cramps"), "there is no help for 'log cramps'. Did you mean 'cramp'?"),
        (("xyz",), "there is no help for 'xyz'. Known here: "),
        (("stretch", "towel"), "there is no help for 'stretch towel'."),
        (("times", "stretch"), "there is no help for 'times stretch'."),
    ],
)
def test_an_unknown_word_is_wrong_usage(person: Person, words: tuple[str, ...], said: str) -> None:
    """With the nearest topic or command, if there is one."""
    answer = person.types("help", *words)
    assert answer.code == 2
    assert answer.err.startswith(f"remind: {said}")
    assert answer.err.count(" phone,") <= 1  # a topic and a command

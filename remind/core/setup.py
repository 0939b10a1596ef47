"""What setup asks, in order, and what the answers change in the settings. A terminal and the page ask the same.

An answer is a text: a time as 22:30, "yes" or "no", an amount as 1.6 L, or "" for none.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from remind.core.routine import SEATED
from remind.core.timeparse import parse_answered_time, parse_time_of_day
from remind.core.times import DayName, Days
from remind.core.units import format_amount, parse_amount, quoted
from remind.core.water_question import QUESTION, as_answered

Answers = Mapping[str, str]
"""Each answer by the key of its question."""

YES, NO = "yes", "no"
ROUTINE = "routine"
"""The key under which the answers name a routine, if one was chosen instead of answering `steady`."""

_SITTING = (SEATED, "towel")
_GROUPS: dict[str, DayName] = {"": "weekdays", "weekend_": "weekend"}
_WORDS = {YES: YES, "y": YES, NO: NO, "n": NO}
_NONE = ("", "none", "no", "n", "-")
_SWITCH = {YES: "true", NO: "false"}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question, with what a person needs to know to answer it."""

    key: str
    topic: str
    """The heading over it and its neighbours."""
    text: str
    kind: Literal["time", "yes-no", "amount", "text"] = "yes-no"
    help: str = ""
    setting: str = ""
    """The setting that the answer goes into. Without one, `changes` says what the answer means."""
    after: tuple[str, str] | None = None
    """The question and its answer after which this one is asked; None: it is always asked."""
    tries: Literal["", "chime", "voice", "notification"] = ""
    """What is tried just before. The answer says whether it worked, and changes nothing."""
    if_no: str = ""
    """What to do after "no"."""

    @property
    def optional(self) -> bool:
        """Whether "" is an answer."""
        return self.kind in ("amount", "text")


_LOUDER = "Turn up the volume, or choose another output in the sound settings. `remind notify --sound` plays it again."

QUESTIONS = (
    Question(
        key="bedtime",
        topic="Your day",
        text="When do you go to bed from Monday to Friday?",
        kind="time",
        help="The reminder to stretch comes before that.",
    ),
    Question(key="wake", topic="Your day", text="When do you get up from Monday to Friday?", kind="time"),
    Question(
        key="weekend_bedtime",
        topic="Your day",
        text="When do you go to bed on Saturday and Sunday?",
        kind="time",
        help="A bedtime after midnight, such as 00:30 on Saturday, means the night from Saturday to Sunday.",
    ),
    Question(key="weekend_wake", topic="Your day", text="When do you get up on Saturday and Sunday?", kind="time"),
    Question(
        key="steady",
        topic="The stretch before bed",
        text="Are you steady on your feet?",
        help="If you are unsteady, dizzy or sleepy, you get a stretch on a chair instead.",
    ),
    Question(
        key="water", topic="Water", text="Would you like reminders to drink through the day?", setting="water.enabled"
    ),
    Question(key="limited", topic="Water", text=QUESTION, after=("water", YES)),
    Question(
        key="allowed",
        topic="Water",
        text="How much a day did your clinician allow?",
        kind="amount",
        help="That becomes your target. If you were given no number, water reminders are switched off.",
        after=("limited", YES),
    ),
    Question(
        key="target",
        topic="Water",
        text="How much would you like to drink in a day?",
        kind="amount",
        help="Such as 1.6 L, with tea and coffee. Without a target, the reminders come at even intervals.",
        setting="water.target",
        after=("limited", NO),
    ),
    Question(
        key="night",
        topic="In the morning",
        text="May remind ask in the morning how the night was?",
        help="One press of a button keeps your diary. It doesn't ask about a night that you logged yourself.",
        setting="night.enabled",
    ),
    Question(
        key="service",
        topic="At login",
        text="May remind start when you log in?",
        help="If it doesn't, nothing rings until you type `remind run`.",
    ),
    Question(
        key="chime",
        topic="Sound",
        text="Would you like a chime at each change in a guided stretch?",
        setting="sound.chime",
    ),
    Question(
        key="heard_chime",
        topic="Sound",
        text="Did you hear the chime?",
        after=("chime", YES),
        tries="chime",
        if_no=_LOUDER,
    ),
    Question(
        key="voice", topic="Sound", text="Would you like a voice that says what to do next?", setting="sound.voice"
    ),
    Question(
        key="heard_voice",
        topic="Sound",
        text="Did you hear the voice?",
        after=("voice", YES),
        tries="voice",
        if_no=_LOUDER,
    ),
    # A question about one more setting is one more entry here.
    Question(
        key="seen",
        topic="Notifications",
        text="Did you see the test notification?",
        help="Press one of its buttons to try them, then answer here.",
        tries="notification",
    ),
    Question(
        key="phone",
        topic="Your phone",
        text="Would you like your phone to remind you while you are away from the computer?",
        help="This takes ntfy, a free app that needs no account. How to connect it comes at the end.",
    ),
    Question(
        key="calendar",
        topic="Your phone",
        text="Which file should your bedtimes be written to, for your phone's calendar?",
        kind="text",
        help="Any phone opens it and rings at its alarms. The name ends in .ics, such as bedtime.ics.",
    ),
)
"""Every question, in order."""

BY_KEY = {question.key: question for question in QUESTIONS}

SETTINGS = ("stretch.routine", *(question.setting for question in QUESTIONS if question.setting))
"""The settings that answers go into, besides the times of the day."""


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What is set as setup begins."""

    days: Days
    values: Mapping[str, str]
    """Each of `SETTINGS` as `remind config set` takes it; "" is not set."""
    usual_routine: str
    """The routine where none was chosen."""
    limited: str | None = None
    """The answer of the last time to the question about fluid limits."""
    fresh: bool = False
    """Whether setup was never done here."""
    at_login: bool = True
    """Whether the service is to start at login, unless the answer is no."""
    phone: bool = False
    """Whether a phone is set up."""


def is_asked(question: Question, answers: Answers) -> bool:
    """Return whether `question` is asked after the `answers` to those before it."""
    if question.after is None:
        return True
    key, answer = question.after
    return answers.get(key) == answer and is_asked(BY_KEY[key], answers)


def next_question(answers: Answers) -> Question | None:
    """Return the first question that is still to be answered, or None."""
    return next((one for one in QUESTIONS if one.key not in answers and is_asked(one, answers)), None)


def read_answer(question: Question, text: str) -> str:
    """Return `text` as an answer to `question`. Raise ValueError, with what to write, if it isn't one."""
    text = text.strip()
    if question.optional and text.lower() in _NONE:
        return ""
    match question.kind:
        case "time":
            return f"{parse_time_of_day(text):%H:%M}"
        case "amount":
            return format_amount(parse_amount(text))
        case "yes-no":
            if text.lower() not in _WORDS:
                raise ValueError(f"{quoted(text)} is neither yes nor no." if text else "Answer yes or no.")
            return _WORDS[text.lower()]
    return text


def read_typed(question: Question, text: str, usual: str | None = None) -> str:
    """Return the same of what was typed in a terminal, where Enter alone means `usual`; "7" is a time there too."""
    if question.kind == "time" and text != usual:
        text = f"{parse_answered_time(text, bedtime='bedtime' in question.key):%H:%M}"
    return read_answer(question, text)


def default(question: Question, answers: Answers, before: Before) -> str | None:
    """Return the answer for a person who only presses Enter; None if they have to type one."""
    limit, target = before.limited == YES, before.values["water.target"]
    match question.key:
        case "bedtime" | "wake":
            return usual_times(before.days)[question.key]
        case "weekend_bedtime" | "weekend_wake":
            shown, what = usual_times(before.days), question.key.removeprefix("weekend_")
            return answers.get(what, shown[what]) if _weekend_follows(before.days, what) else shown[question.key]
        case "steady":
            return NO if before.values["stretch.routine"] in _SITTING else YES
        case "limited":
            return before.limited
        case "allowed":
            return target if limit else ""
        case "target":
            return "" if limit else target
        case "night" if before.fresh:
            return YES
        case "service":
            return YES if before.at_login else NO
        case "phone":
            return YES if before.phone else NO
    if question.setting:
        value = before.values[question.setting]
        return value if question.kind != "yes-no" else YES if value == "true" else NO
    return YES if question.tries else ""


def usual_times(days: Days) -> dict[str, str]:
    """Return the times from Monday to Friday and at the weekend, by the keys of their questions."""
    found = {}
    for prefix, group in _GROUPS.items():
        for what in ("bedtime", "wake"):
            whose = days.on[group] if _has_own(days, group, what) else days
            found[prefix + what] = f"{getattr(whose, what):%H:%M}"
    return found


def day_changes(times: Mapping[str, str], days: Days) -> dict[str, str]:
    """Return the settings that make `times` the usual ones, by the key of each one's question.

    The weekend keeps the times that it had, unless `times` has others for it.
    """
    shown, typed = usual_times(days), {}
    for what in ("bedtime", "wake"):
        weekdays, weekend = (times.get(key, shown[key]) for key in (what, f"weekend_{what}"))
        grouped = _has_own(days, "weekdays", what)
        if weekdays != shown[what]:
            typed[f"day.on.weekdays.{what}" if grouped else f"day.{what}"] = weekdays
        if weekend != (weekdays if _weekend_follows(days, what) else shown[f"weekend_{what}"]):
            typed[f"day.on.weekend.{what}"] = weekend
    return typed


def bedtime_doubts(times: Mapping[str, str], days: Days) -> list[str]:
    """Return a question about each new bedtime in `times` that is by day: browsers let people confuse am and pm."""
    shown, doubts = usual_times(days), []
    for key in ("bedtime", "weekend_bedtime"):
        wall = parse_time_of_day(times.get(key, shown[key]))
        if 6 <= wall.hour < 18 and f"{wall:%H:%M}" != shown[key]:
            doubts.append(f"A bedtime of {wall:%H:%M} is by day. Did you mean {(wall.hour + 12) % 24:02}:{wall:%M}?")
    return list(dict.fromkeys(doubts))


def _has_own(days: Days, group: DayName, what: str) -> bool:
    return group in days.on and getattr(days.on[group], what) is not None


def _weekend_follows(days: Days, what: str) -> bool:
    """Return whether the weekend has the time of the other days because it has none of its own."""
    return not any(_has_own(days, group, what) for group in _GROUPS.values())


def changes(answers: Answers, before: Before) -> tuple[dict[str, str], list[str]]:
    """Return the settings to set, as typed, and those to reset; settings that would stay the same are omitted."""
    wanted = {"stretch.routine": _routine(answers, before)} | dict(_from_questions(answers))
    if "limited" in answers and answers.get("water") == YES:
        wanted |= _water(answers, before)
    new = {key: value for key, value in wanted.items() if value != before.values[key]}
    typed = {key: value for key, value in new.items() if value}
    return day_changes(answers, before.days) | typed, [key for key, value in new.items() if not value]


def _routine(answers: Answers, before: Before) -> str:
    now = before.values["stretch.routine"]
    if ROUTINE in answers:
        return answers[ROUTINE]
    match answers.get("steady"):
        case "no":
            return now if now in _SITTING else SEATED
        case "yes":
            return before.usual_routine if now in _SITTING else now
    return now


def _from_questions(answers: Answers) -> Iterator[tuple[str, str]]:
    for question in QUESTIONS:
        if question.setting and question.key in answers and is_asked(question, answers):
            answer = answers[question.key]
            yield question.setting, _SWITCH[answer] if question.kind == "yes-no" else answer


def _water(answers: Answers, before: Before) -> dict[str, str]:
    """Return the settings of water after the question about fluid limits."""
    limited, allowed = answers["limited"] == YES, answers.get("allowed", "")
    return as_answered({}, before.limited, limited=limited, allowed=allowed)

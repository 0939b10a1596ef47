"""Setup: the questions of `remind setup` on one page, with what is tried at each."""

import os
import sys
from contextlib import closing, suppress
from itertools import groupby
from typing import Any

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from remind.app import App
from remind.core import setup as asking
from remind.core.routine import SEATED, plan
from remind.core.water_question import SWITCHED_OFF
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.trial import Trial, as_text, pressed_words
from remind.desktop.notify.unseen import unseen_advice
from remind.desktop.sound import TRIAL_SENTENCE
from remind.errors import RemindError
from remind.login import install_service, uninstall_service
from remind.login.launchers import install_launcher, remove_launcher
from remind.page.forms import FieldError, Nothing, beside_fields, button, form, sentence
from remind.page.site import Site, press_awaited, site_of
from remind.page.words import plan_for_page
from remind.phone import switch_off
from remind.settings import change, routines
from remind.setup import check, installed_at_login, read_before, save, what_comes, why_not_at_login

PAGE = "setup"

_PRESS_LIMIT_S = 60.0
_ASKED = [question for question in asking.QUESTIONS if not question.tries and question.key != "calendar"]
"""The page tries what it tries by buttons, and a browser has no folder of the person's to write a file to."""


async def show(request: Request) -> Response:
    """Show every question with the answer that is set now."""
    site = site_of(request)
    site.app.refresh()
    app = site.app
    before = read_before(app)
    answers = {one.key: asking.default(one, {}, before) or "" for one in _ASKED} | asking.usual_times(before.days)
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
    return site.render(
        "setup.html",
        page=PAGE,
        topics=[(topic, list(asked)) for topic, asked in groupby(_ASKED, lambda one: one.topic)],
        answers=answers,
        conditions={one.key: _conditions(one) for one in _ASKED},
        tried={one.tries: one for one in asking.QUESTIONS if one.tries},
        sentence=TRIAL_SENTENCE,
        seated=_seated(app),
        no_login=sentence(why) if (why := why_not_at_login()) else "",
        unseen=unseen_advice(desktop, sys.platform),
    )


def _conditions(question: asking.Question) -> list[str]:
    """Return the answers after which `question` is asked, each as "water-yes"."""
    if question.after is None:
        return []
    key, answer = question.after
    return [*_conditions(asking.BY_KEY[key]), f"{key}-{answer}"]


def _seated(app: App) -> dict[str, Any] | None:
    """Return the picture of the routine on a chair; None where its file is at fault."""
    with suppress(RemindError):
        shown = plan_for_page(plan(routines.load(routines.find(SEATED, app.folders.routines))), routines.poses())
        first = next(phase for phase in shown["phases"] if phase["kind"] == "hold")
        picture: dict[str, Any] | None = shown["drawings"].get(first["drawing"])
        return picture
    return None


def _read(app: App, sent: dict[str, str]) -> dict[str, str]:
    """Return the answers that the form has. Raise FieldError with what is wrong beside each field."""
    answers: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for question in _ASKED:
        if asking.is_asked(question, answers) and (question.key != "service" or not why_not_at_login()):
            try:
                answers[question.key] = asking.read_answer(question, sent.get(question.key, ""))
            except ValueError as error:
                wrong[question.key] = str(error)
    before = read_before(app)
    try:
        check(app, answers, before)
    except change.NewFaultsError as error:
        typed, gone = asking.changes(answers, before)
        wrong |= beside_fields(error, {key: _field_of(key, answers) for key in (*typed, *gone)}).fields
    if wrong:
        raise FieldError(wrong)
    return answers


def _field_of(key: str, answers: asking.Answers) -> str:
    """Return the question whose answer goes into the setting `key`."""
    if key.startswith("day."):
        return ("weekend_" if ".weekend." in key else "") + key.rpartition(".")[2]
    if key == "water.target" and "allowed" in answers:
        return "allowed"
    return next((one.key for one in _ASKED if one.setting == key), "steady")


def _checked(site: Site, sent: dict[str, str]) -> str:
    _read(site.app, sent)
    return ""


async def _saved(site: Site, sent: dict[str, str]) -> str:
    app = site.app
    answers, before = _read(app, sent), read_before(app)
    said = ["Saved." if save(app, answers, before) else "Your settings stay as they are."]
    if answers.get("limited") == asking.YES and not answers.get("allowed"):
        said.append(SWITCHED_OFF)
    starting = answers.get("service", asking.NO) == asking.YES
    try:
        await run_in_threadpool(_start_at_login, starting)
    except RemindError as error:
        starting = False
        said.append(f"The service can't be installed: {sentence(' '.join(error.lines))}")
    if before.phone and answers["phone"] == asking.NO:
        said += await run_in_threadpool(switch_off, app)
    return " ".join([*said, *what_comes(app, starting=starting), *asking.bedtime_doubts(answers, before.days)])


def _start_at_login(wanted: bool) -> None:
    """Install the service and the menu entry, or remove both. It waits for the service to be ready."""
    if wanted:
        install_service()
        install_launcher()
    elif installed_at_login():
        uninstall_service()
        remove_launcher()


async def notify(request: Request) -> Response:
    """Show the test notification; the page is told how that went, and which button was pressed."""
    return Response(status_code=204, background=BackgroundTask(_try_notification, site_of(request)))


async def _try_notification(site: Site) -> None:
    site.app.refresh()
    with closing(Trial(site.app.channels())) as trial:
        try:
            delivery = await run_in_threadpool(trial.show, lasting=True)
        except ChannelError as error:
            site.tabs.tell(PAGE, {"tried": f"No notification can be shown here now ({error}).", "ended": True})
            return
        site.tabs.tell(PAGE, {"tried": as_text(delivery)})
        label = await press_awaited(site, PAGE, trial.pressed, _PRESS_LIMIT_S)
        words = pressed_words(label) or "No button was pressed within a minute."
        site.tabs.tell(PAGE, {"tried": words, "ended": True})


ROUTES = [
    Route("/setup", show),
    form("/setup", dict[str, str], _saved),
    form("/setup/check", dict[str, str], _checked),
    button("/setup/say", Nothing, lambda site, _: site.speak(TRIAL_SENTENCE)),
    Route("/setup/notify", notify, methods=["POST"]),
]

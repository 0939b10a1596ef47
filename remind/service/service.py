"""The service: one scheduler job for each reminder, and a main thread that notices what changes around them."""

import logging
import math
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from remind.app import App
from remind.core.decide import RETRY
from remind.core.reminders import Calendar
from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import ChannelError, Notification
from remind.errors import AlreadyRunningError, ExitCode, RemindError
from remind.lock import FileLock, lock_owner
from remind.service import messages
from remind.service.button_actions import ButtonActions
from remind.service.change_detector import Change, ChangeDetector
from remind.service.deliver import Deliverer
from remind.service.faults import FaultTeller
from remind.service.sd_notify import sd_notify, watchdog_s
from remind.service.signals import WaitForStop, at_most
from remind.service.trigger import FireTimeTrigger
from remind.settings.model import KEPT_SETTINGS, ChannelName, Loaded, Settings, load_or_keep
from remind.store.backup import back_up
from remind.store.errors import StoreDamagedError
from remind.store.key_value import ServiceState, write_state
from remind.store.schedule import Schedule

log = logging.getLogger("remind")

LOOK_ROUND_S = 30.0
"""How often the main thread looks round. APScheduler waits on the monotonic clock, which stands still while a laptop
sleeps (apscheduler#794), so this is also how late a reminder may come after sleep."""

_MOST_STOP_S = 0.6
_SESSION_BEGINS_WITHIN_S = 5.0
"""A second press of Start may come before the window that the first one opened has its session."""
_FAULTS = "faults of the settings"


class Service:
    """Reminds until it is told to stop. `start`, `look_round` and `stop` are apart from `run` so that a test can move
    the clock between them.

    Whatever may have to wait for a desktop runs in the scheduler's one worker, so that the main thread never does.
    """

    def __init__(
        self,
        app: App,
        scheduler: BackgroundScheduler | None = None,
        open_session: Callable[[], None] | None = None,
    ) -> None:
        self._app = app
        self._scheduler = scheduler or BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
        self._open_session = open_session or _open_session
        self._changed: set[Change] = set()
        self._told: dict[str, str] = {}
        self._damage: StoreDamagedError | None = None
        self._channels: Chain | None = None
        self._channel: ChannelName | None = None
        self._window_opened = -math.inf

    def run(self, wait_for_stop: WaitForStop) -> None:
        """Remind until `wait_for_stop` says to stop; look for changes each time that it returns.

        Raises:
            StoreDamagedError: the database was damaged while this ran; a new service sets it aside.
            AlreadyRunningError: another service of this person runs.
            RemindError: there is no place for the database.
        """
        lock = FileLock(self._app.folders.lock)
        if not lock.acquire():
            raise AlreadyRunningError("the service is already running; `remind status` shows it")
        code = ExitCode.FAILURE
        try:
            self.start()
            sd_notify("READY=1")
            try:
                longest_wait_s = min(LOOK_ROUND_S, watchdog_s() / 2)
                while not wait_for_stop(longest_wait_s):
                    self.look_round()
                code = ExitCode.DONE
                sd_notify("STOPPING=1")
            finally:
                with at_most(_MOST_STOP_S, code):
                    self.stop()
        finally:
            lock.release()

    def start(self) -> None:
        """Open everything and schedule every reminder."""
        app = self._app
        self._store = app.open_store()
        self._changes = ChangeDetector(
            app.folders.settings, app.read_zone, app.now, app.monotonic, self._store.database.data_version
        )
        self._state = ServiceState(os.getpid(), app.now())
        self._scheduler.start()
        self.look_round()

    def look_round(self) -> None:
        """Follow what changed, and wake the scheduler for a job that came due while the computer slept.

        Raises:
            StoreDamagedError: the database is damaged; this call or an earlier job found that out.
        """
        sd_notify("WATCHDOG=1")
        try:
            if self._damage is not None:
                raise self._damage
            self._changed |= self._changes.look()
            if self._changed & {"settings", "zone"}:
                self._follow_settings()
            if self._changed & {"settings", "zone", "clock"}:
                self._deliverer.catch_up(self._app.now())
            if self._changed:
                self._schedule_all()
            else:  # not at the start, which is not to be slowed down
                back_up(self._store.database, self._app.now())
            self._changed.clear()
        except StoreDamagedError:
            raise
        except RemindError as error:  # a full disk or a held database delays, and ends nothing
            log.error("%s; tried again in %.0f s", error, LOOK_ROUND_S)
        for name, why in self._store.diary.left_out.items() - self._told.items():
            self._told[name] = why
            log.error("%s; it is skipped", why)
        now = self._app.now()
        # Only if it must: waking the scheduler for nothing costs more context switches than this whole method.
        if any(job.next_run_time is not None and job.next_run_time <= now for job in self._scheduler.get_jobs()):
            self._scheduler.wakeup()

    def stop(self) -> None:
        """Close everything; notifications that stand stay and can still be answered after a restart."""
        if self._channels is not None:
            self._channels.close()  # first, so that a call that hangs in it ends
        self._scheduler.shutdown()
        self._store.database.close()
        log.info("stopped")

    def _follow_settings(self) -> None:
        """Build anew what depends on the settings file and the zone."""
        app, key_values = self._app, self._store.key_values
        loaded = load_or_keep(app.folders.settings, lambda: key_values.get(KEPT_SETTINGS) or "")
        self._schedule = Schedule(self._store, loaded.settings.calendar(app.read_zone()))
        # Before the channels are started, since a button may be pressed at once.
        self._buttons = ButtonActions(self._store, self._schedule, loaded.settings, self._start_soon)
        channels = self._follow_channel(loaded.settings)
        self._deliverer = Deliverer(app, loaded.settings, self._schedule, self._store.ledger, channels)
        self._faults = FaultTeller(loaded.faults, key_values, channels.show)
        _log_settings(loaded, self._schedule.calendar)
        if not loaded.faults and key_values.get(KEPT_SETTINGS) != loaded.text:
            key_values.set(KEPT_SETTINGS, loaded.text)
        self._schedule.watch(app.now())
        write_state(key_values, self._state)

    def _follow_channel(self, settings: Settings) -> Chain:
        """Return the channels that `settings` ask for: those that are open, or new ones in their place."""
        if self._channels is None or settings.notify.channel != self._channel:
            old, self._channels = self._channels, self._app.open_channels(settings)
            self._channel = settings.notify.channel
            self._scheduler.add_job(self._exchange, args=[old, self._channels], misfire_grace_time=None)
        return self._channels

    def _exchange(self, old: Chain | None, new: Chain) -> None:
        if old is not None:
            old.close()
        new.start(self._pressed)

    def _schedule_all(self) -> None:
        # The job of a reminder that was switched off stays: it finds nothing to do, and is not called again.
        for reminder in self._schedule.calendar.reminders:
            self._schedule_reminder(reminder)
        self._schedule_faults()

    def _schedule_faults(self) -> None:
        self._add_job(_FAULTS, self._tell_faults, lambda now: self._faults.next_fire_time(now))

    def _schedule_reminder(self, reminder: str) -> None:
        self._add_job(reminder, lambda: self._deliver(reminder), lambda now: self._next_fire_time(reminder, now))

    def _next_fire_time(self, reminder: str, now: datetime) -> datetime | None:
        try:
            # Looked up when the trigger is asked, since the main thread may replace it at any time.
            return self._deliverer.next_fire_time(reminder, now)
        except StoreDamagedError as error:
            self._damage = error
            raise

    def _add_job(
        self, name: str, run: Callable[[], None], next_fire_time: Callable[[datetime], datetime | None]
    ) -> None:
        self._scheduler.add_job(
            run,
            FireTimeTrigger(next_fire_time),
            id=name,
            replace_existing=True,
            misfire_grace_time=None,  # how late is too late is decided in core
            coalesce=True,
            max_instances=2,  # one may wait for the single worker while another ends
        )

    def _deliver(self, reminder: str) -> None:
        try:
            self._deliverer.deliver(reminder)
        except RemindError as error:
            if isinstance(error, StoreDamagedError):
                self._damage = error
            log.error("%s: %s; tried again in %s s", reminder, error, RETRY.seconds)
        else:
            self._schedule_reminder(reminder)

    def _tell_faults(self) -> None:
        try:
            self._faults.tell()
        except RemindError as error:
            log.error("the mistakes in the settings could not be shown: %s; tried again in %s s", error, RETRY.seconds)
        else:
            self._schedule_faults()

    def _pressed(self, handle: str, button: str, key: str | None) -> None:
        self._answer(handle, button, key, self._app.now())

    def _answer(self, handle: str, button: str, key: str | None, at: datetime) -> None:
        try:
            reminder = self._buttons.pressed(handle, button, key, at)
        except RemindError as error:
            # Not what was pressed: until the store can be read it may be another program's button.
            log.error("a pressed button could not be recorded: %s; tried again in %s s", error, RETRY.seconds)
            again, pressed = self._app.now() + RETRY, [handle, button, key, at]
            self._scheduler.add_job(self._answer, "date", run_date=again, args=pressed, misfire_grace_time=None)
        else:
            if reminder is not None:
                self._schedule_reminder(reminder)

    def _start_soon(self) -> None:
        # A button is heard on the channel's own thread, and to open a window may take seconds.
        self._scheduler.add_job(self._start_session, misfire_grace_time=None)

    def _start_session(self) -> None:
        running = lock_owner(self._app.folders.session_lock) is not None
        if running or self._app.monotonic() < self._window_opened + _SESSION_BEGINS_WITHIN_S:
            log.info("no second session: one is running")
            self._tell(messages.session_running())
            return
        try:
            self._open_session()
            self._window_opened = self._app.monotonic()
        except RemindError as error:
            log.warning("session not started: %s", error)
            self._tell(messages.not_started(str(error)))

    def _tell(self, notification: Notification) -> None:
        assert self._channels is not None
        with suppress(ChannelError):
            self._channels.show(notification)


def _log_settings(loaded: Loaded, calendar: Calendar) -> None:
    for fault in loaded.faults:
        log.error("%s", fault)
    names = ", ".join(calendar.reminders) or "nothing, for all reminders are switched off"
    log.info("in the zone %s, reminding of %s", calendar.zone, names)


def _open_session() -> None:
    from remind.desktop.browser import open_session  # the service keeps what it has once loaded

    open_session()

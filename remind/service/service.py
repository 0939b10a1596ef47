"""The service: one scheduler job for each reminder, and a main thread that notices what has changed."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from remind.app import App
from remind.core.decide import RETRY
from remind.core.reminders import Calendar
from remind.desktop.notify.chain import Chain
from remind.desktop.notify.channel import ChannelError, Notification
from remind.errors import AlreadyRunningError, ExitCode, RemindError
from remind.lock import FileLock
from remind.service import messages
from remind.service.button_actions import ButtonActions
from remind.service.change_detector import Change, ChangeDetector
from remind.service.deliver import Deliverer
from remind.service.faults import FaultTeller
from remind.service.sd_notify import sd_notify, watchdog_s
from remind.service.sharing import Sharing
from remind.service.signals import WaitForStop, at_most
from remind.service.trigger import FireTimeTrigger
from remind.service.windows import Windows
from remind.settings.model import KEPT_SETTINGS, ChannelName, Loaded, Settings, load_or_keep
from remind.store.backup import back_up
from remind.store.errors import StoreDamagedError
from remind.store.key_value import ServiceState, write_state
from remind.store.schedule import Schedule

if TYPE_CHECKING:
    from remind.service.phone import ServicePhone  # loaded only where there is a phone

log = logging.getLogger("remind")

LOOK_ROUND_S = 30.0
"""How often the main thread looks round. APScheduler waits on the monotonic clock, which stops while a laptop sleeps
(apscheduler#794), so this is also how late a reminder may come after sleep."""

_MOST_STOP_S = 0.6
_FAULTS = "mistakes in the settings"
_PHONE = "the phone"
"""The names of jobs that are not a reminder's; no reminder can have them."""


class Service:
    """Reminds until it is told to stop. A test calls `start`, `look_round` and `stop` and moves the clock between them.

    Whatever may wait for a desktop runs in the scheduler's one worker thread, so the main thread never waits.
    """

    def __init__(
        self,
        app: App,
        scheduler: BackgroundScheduler | None = None,
        open_session: Callable[[], None] | None = None,
        open_form: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._scheduler = scheduler or BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
        self._windows = Windows(app, self._tell, open_session, open_form)
        self._changed: set[Change] = set()
        self._sharing = Sharing(app)
        self._told: dict[str, str] = {}
        self._damage: StoreDamagedError | None = None
        self._phone: ServicePhone | None = None
        self._channels: Chain | None = None
        self._channel: ChannelName | None = None

    def run(self, wait_for_stop: WaitForStop) -> None:
        """Remind until `wait_for_stop` says to stop; look for changes each time it returns.

        Raises:
            StoreDamagedError: the database was damaged while this ran; a new service sets it aside.
            AlreadyRunningError: the person already has a service running.
            RemindError: the database cannot be opened.
        """
        lock = FileLock(self._app.folders.lock)
        if not lock.acquire():
            raise AlreadyRunningError("the service is already running. `remind status` shows it.")
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
        """Open everything and schedule every reminder.

        Raises:
            StoreDamagedError: the database is damaged; nothing stays open.
            RemindError: the database cannot be opened.
        """
        self._store = self._app.open_store()
        self._changes = ChangeDetector(self._app, self._store.database)
        self._state = ServiceState(os.getpid(), self._app.now())
        self._scheduler.start()
        try:
            self.look_round()
        except StoreDamagedError:
            self.stop()  # since another service follows in this process
            raise

    def look_round(self) -> None:
        """Apply what changed, and wake the scheduler for a job that came due while the computer slept.

        Raises:
            StoreDamagedError: the database is damaged, as this call or an earlier job found.
        """
        sd_notify("WATCHDOG=1")
        try:
            if self._damage is not None:
                raise self._damage
            self._changed |= self._changes.look()
            if self._changed & {"settings", "zone"}:
                self._follow_settings()
            if self._phone is not None and "clock" in self._changed:
                self._phone.close()  # a connection does not outlive sleep, and nothing tells
            if self._changed & {"settings", "zone", "clock"}:
                self._deliverer.catch_up(self._app.now())
            if self._changed:
                self._schedule_all()
            else:  # never at the start, which has to be quick
                back_up(self._store.database, self._app.now())
            self._changed.clear()
            self._sharing.look(self._settings)
        except StoreDamagedError:
            raise
        except RemindError as error:  # a full disk or a locked database must not end the service
            log.error("%s; trying again in %.0f s", error, LOOK_ROUND_S)
        for name, why in self._store.diary.left_out.items() - self._told.items():
            self._told[name] = why
            log.error("%s; it is skipped", why)
        now = self._app.now()
        # Only if needed: waking the scheduler costs more context switches than this whole method.
        if any(job.next_run_time is not None and job.next_run_time <= now for job in self._scheduler.get_jobs()):
            self._scheduler.wakeup()

    def stop(self) -> None:
        """Close everything; notifications on the screen stay there and can be answered after a restart."""
        self._disconnect()  # first, to end a call that hangs
        self._scheduler.pause()
        # Waits until a pass over the jobs has ended, which the shutdown would break, and leaves none for a late one.
        self._scheduler.remove_all_jobs()
        # Waits for the running job, as the shutdown would, but without the lock that it needs to schedule the next one.
        self._scheduler.remove_executor("default")
        self._scheduler.shutdown()
        self._disconnect()  # again, since a job may have connected meanwhile
        self._store.database.close()
        log.info("stopped")

    def _disconnect(self) -> None:
        if self._channels is not None:
            self._channels.close()
        if self._phone is not None:
            self._phone.close()

    def _follow_settings(self) -> None:
        """Rebuild what depends on the settings file and the zone."""
        app, key_values = self._app, self._store.key_values
        loaded = load_or_keep(app.folders.settings, lambda: key_values.get(KEPT_SETTINGS) or "")
        self._settings = loaded.settings
        self._schedule = Schedule(self._store, loaded.settings.calendar(app.read_zone()))
        # Before the channels start, since a button may be pressed at once; so is the phone, whose secret may fail to be
        # written.
        self._buttons = ButtonActions(
            self._store,
            self._schedule,
            loaded.settings,
            start=lambda: self._soon(self._windows.start_session),
            open_form=lambda entry_id: self._soon(self._windows.show_form, entry_id),
            stop_asking=self._stop_asking,
        )
        self._phone = self._follow_phone(loaded.settings)
        channels = self._follow_channel(loaded.settings)
        self._deliverer = Deliverer(app, loaded.settings, self._schedule, self._store.ledger, channels, self._phone)
        self._others: dict[str, FaultTeller | ServicePhone] = {
            _FAULTS: FaultTeller(loaded.faults, key_values, channels)
        }
        if self._phone is not None:
            self._others[_PHONE] = self._phone
        _log_settings(loaded, self._schedule.calendar)
        if not loaded.faults and key_values.get(KEPT_SETTINGS) != loaded.text:
            key_values.set(KEPT_SETTINGS, loaded.text)
        self._schedule.watch(app.now())
        write_state(key_values, self._state)

    def _follow_channel(self, settings: Settings) -> Chain:
        """Return the channels that `settings` ask for: the open ones, or new ones in their place."""
        if self._channels is None or settings.notify.channel != self._channel:
            old, self._channels = self._channels, self._app.open_channels(settings)
            self._channel = settings.notify.channel
            self._scheduler.add_job(self._exchange, args=[old, self._channels], misfire_grace_time=None)
        return self._channels

    def _follow_phone(self, settings: Settings) -> "ServicePhone | None":
        """Return the phone that `settings` name: the one in use, which listens on, or another in its place."""
        phone = self._phone
        if phone is not None and phone.settings != settings.phone:
            phone.close()
            # In a job, since the one that runs just now may be about to listen.
            self._soon(phone.leave if phone.settings.ntfy != settings.phone.ntfy else phone.close)
            phone = None
        if settings.phone.ntfy is None:
            return None
        from remind.service.phone import ServicePhone  # only here, since the service keeps whatever it loads

        phone = phone or ServicePhone(self._app, settings, self._store, self._schedule_after)
        phone.follow(settings, self._schedule, self._buttons)
        return phone

    def _exchange(self, old: Chain | None, new: Chain) -> None:
        if old is not None:
            old.close()
        new.start(self._pressed)

    def _schedule_all(self) -> None:
        # The job of a reminder that was switched off stays: it finds nothing to do, and does not run again.
        for name in (*self._schedule.calendar.reminders, *self._others):
            self._schedule_job(name)

    def _schedule_job(self, name: str) -> None:
        trigger = FireTimeTrigger(lambda now: self._next_fire_time(name, now))
        try:
            self._scheduler.reschedule_job(name, trigger=trigger)  # much quicker than adding it anew
        except JobLookupError:
            self._scheduler.add_job(
                self._run_job,
                trigger,
                args=[name],
                id=name,
                replace_existing=True,  # another thread may have added it just now
                misfire_grace_time=None,  # how late is too late is decided in core
                coalesce=True,
                max_instances=2,  # one may wait for the single worker while another ends
            )

    def _schedule_after(self, name: str) -> None:
        """Schedule anew what depends on the job `name`: itself, and the phone's."""
        self._schedule_job(name)
        if name != _PHONE and _PHONE in self._others:
            self._schedule_job(_PHONE)

    def _next_fire_time(self, name: str, now: datetime) -> datetime | None:
        with self._damage_noted():
            # Looked up each time, since the main thread may replace them at any time.
            other = self._others.get(name)
            return self._deliverer.next_fire_time(name, now) if other is None else other.next_fire_time(now)

    def _run_job(self, name: str) -> None:
        try:
            with self._damage_noted():
                other = self._others.get(name)  # once, since the main thread may replace them at any time
                if other is None:
                    self._deliverer.deliver(name)
                else:
                    other.run()
        except RemindError as error:
            log.error("%s: %s; trying again in %s s", name, error, RETRY.seconds)
        else:
            self._schedule_after(name)

    def _pressed(self, handle: str, button: str, key: str | None) -> None:
        self._answer(handle, button, key, self._app.now())

    def _answer(self, handle: str, button: str, key: str | None, at: datetime) -> None:
        try:
            with self._damage_noted():
                reminder = self._buttons.pressed(handle, button, key, at)
        except RemindError as error:
            # The line doesn't name the button: until the store can be read, it may be another program's.
            log.error("a pressed button could not be recorded: %s; trying again in %s s", error, RETRY.seconds)
            again, pressed = self._app.now() + RETRY, [handle, button, key, at]
            self._scheduler.add_job(self._answer, "date", run_date=again, args=pressed, misfire_grace_time=None)
        else:
            if reminder is not None:
                self._schedule_after(reminder)

    @contextmanager
    def _damage_noted(self) -> Iterator[None]:
        """Let `look_round` know, in whatever thread the database proves damaged."""
        try:
            yield
        except StoreDamagedError as error:
            self._damage = error
            raise

    def _soon(self, action: Callable[..., None], *arguments: object) -> None:
        # The channel's own thread reports the press, and opening a window may take seconds.
        self._scheduler.add_job(action, args=arguments, misfire_grace_time=None)

    def _stop_asking(self) -> None:
        from remind.settings import change  # only here, since the service keeps whatever it loads

        folders = self._app.folders
        try:
            change.save_typed({"night.enabled": "false"}, folders)
        except RemindError as error:
            log.warning("the question about the night stays on: %s", error)
            self._soon(self._tell, messages.still_asking(str(error)))

    def _tell(self, notification: Notification) -> None:
        assert self._channels is not None
        with suppress(ChannelError):
            self._channels.show(notification)


def _log_settings(loaded: Loaded, calendar: Calendar) -> None:
    for fault in loaded.faults:
        log.error("%s", fault)
    names = ", ".join(calendar.reminders) or "nothing, because all reminders are switched off"
    log.info("in the zone %s, reminding of %s", calendar.zone, names)

"""One module for each page; each has its `ROUTES`."""

from remind.page.routes import cramp, diary, events, phone, reminders, report, settings, setup, static, stretch, today

ROUTES = [
    *events.ROUTES,
    *today.ROUTES,
    *stretch.ROUTES,
    *cramp.ROUTES,
    *diary.ROUTES,
    *report.ROUTES,
    *settings.ROUTES,
    *reminders.ROUTES,
    *setup.ROUTES,
    *phone.ROUTES,
    *static.ROUTES,
]

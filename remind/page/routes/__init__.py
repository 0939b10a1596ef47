"""One module for each page; each has its `ROUTES`."""

from remind.page.routes import cramp, events, static, stretch

ROUTES = [*events.ROUTES, *stretch.ROUTES, *cramp.ROUTES, *static.ROUTES]

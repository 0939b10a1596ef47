"""The tabs that are open, and what they are told."""

import asyncio
from collections.abc import Callable
from typing import Any

MOST_TABS = 4
"""A browser keeps six connections to one host; each tab holds one open, and two are left for what it asks."""


class Tab:
    """One open tab, which shows `page`."""

    def __init__(self, number: int, page: str) -> None:
        self.number = number
        self.page = page
        self.news: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()


class Tabs:
    """All open tabs. One tab of each page sounds: the one that was used last, or else came first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[int, Tab] = {}
        self._count = 0
        self._sounding: dict[str, int] = {}
        self._last_seen: dict[str, float] = {}
        self.ever = False
        """Whether any tab was ever open: one without JavaScript never says that it is."""

    def __len__(self) -> int:
        return len(self._open)

    def join(self, page: str) -> Tab | None:
        """Return a new tab, or None where there are too many."""
        if len(self._open) >= MOST_TABS:
            return None
        self._count += 1
        self.ever = True
        tab = self._open[self._count] = Tab(self._count, page)
        self._sounding.setdefault(page, tab.number)
        return tab

    def leave(self, tab: Tab) -> None:
        """Forget `tab`; another one of its page sounds from now on."""
        del self._open[tab.number]
        self._last_seen[tab.page] = self._clock()
        if self._sounding.get(tab.page) == tab.number:
            del self._sounding[tab.page]
            for other in self._open.values():
                if other.page == tab.page:
                    self.use(other.number)
                    break

    def use(self, number: int) -> None:
        """Let the tab `number` sound from now on, since the person used it."""
        tab = self._open.get(number)
        if tab is not None and self._sounding.get(tab.page) != tab.number:
            self._sounding[tab.page] = tab.number
            self.tell(tab.page, {})

    def tell(self, page: str, news: dict[str, Any]) -> None:
        """Tell every tab that shows `page` the `news`, and whether it is the one that sounds."""
        for tab in self._open.values():
            if tab.page == page:
                self.tell_one(tab, news)

    def tell_one(self, tab: Tab, news: dict[str, Any]) -> None:
        """Tell `tab` the `news`."""
        tab.news.put_nowait({"tab": tab.number, "sounds": self._sounding.get(tab.page) == tab.number, **news})

    def close(self) -> None:
        """Tell every tab that nothing follows."""
        for tab in self._open.values():
            tab.news.put_nowait(None)

    def expect(self, page: str) -> None:
        """Count `page` as not gone until a tab that shows it, which was asked for just now, has come and left."""
        self._last_seen.pop(page, None)

    def gone_s(self, page: str) -> float:
        """Return for how many seconds no tab has shown `page`; 0 while one does, or before the first."""
        shown = any(tab.page == page for tab in self._open.values())
        return 0.0 if shown or page not in self._last_seen else self._clock() - self._last_seen[page]

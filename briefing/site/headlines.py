"""What each edition is called, remembered: a list of a month would open thirty editions for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from briefing.news import Digest, Edition
from briefing.stages.render import site

MOST = 10_000  # editions: a few megabytes


class Headlines:
    """Headlines as they are printed. An edition that is made again is another one. Safe among
    threads: the worst is that two work out the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[Edition, datetime], str] = {}

    def of(
        self, edition: Edition, made: datetime, *, digest: Callable[[], Digest | None]
    ) -> str | None:
        """The headline; ``digest`` is asked when it is not known, ``None`` when that is gone."""
        key = edition, made
        if key not in self._known:
            found = digest()
            if found is None:
                return None
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = site.headline(found)
        return self._known.get(key)

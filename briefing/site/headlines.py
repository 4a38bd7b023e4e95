"""What lists and notes need of each edition, remembered: a list of a month would open thirty
editions for their headlines, and a page another thirty for what they correct of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from briefing.news import Digest, Edition
from briefing.stages.render import site
from briefing.stages.render.site import Notice

MOST = 10_000  # editions: a few megabytes


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of one edition."""

    headline: str  # as it is printed
    notices: tuple[Notice, ...]  # what it corrects of earlier ones


class Headlines:
    """Headlines and corrections as they are printed. An edition that is made again is another
    one. Safe among threads: the worst is that two work out the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[Edition, datetime], Known] = {}

    def of(
        self, edition: Edition, made: datetime, *, digest: Callable[[], Digest | None]
    ) -> Known | None:
        """What is known of it; ``digest`` is asked when nothing is, ``None`` when that is gone."""
        key = edition, made
        if key not in self._known:
            found = digest()
            if found is None:
                return None
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = Known(site.headline(found), site.notices(found))
        return self._known.get(key)

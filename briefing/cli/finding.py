"""What one check of ``briefing doctor`` found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for people. ``note``: works, but worth knowing. ``fault``: must be mended."""

    check: str
    state: Literal["well", "note", "fault"]
    says: str
    remedy: str = ""

"""What outlives a run: feeds, what was seen, articles, editions and their evidence."""

from briefing.adapters.store.database import file_of
from briefing.adapters.store.outbox import BY_HAND, GIVEN_UP, Tally
from briefing.adapters.store.past import same_database
from briefing.adapters.store.records import (
    EditionSummary,
    FeedStatus,
    Lease,
    RunRecord,
    StoredEdition,
)
from briefing.adapters.store.store import SqlStore, open_store

__all__ = [
    "BY_HAND",
    "GIVEN_UP",
    "EditionSummary",
    "FeedStatus",
    "Lease",
    "RunRecord",
    "SqlStore",
    "StoredEdition",
    "Tally",
    "file_of",
    "open_store",
    "same_database",
]

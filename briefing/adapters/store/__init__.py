"""What outlives a run: feeds, what was seen, articles, editions and their evidence."""

from briefing.adapters.store.records import EditionSummary, FeedStatus, StoredEdition
from briefing.adapters.store.store import SqlStore, open_store

__all__ = ["EditionSummary", "FeedStatus", "SqlStore", "StoredEdition", "open_store"]

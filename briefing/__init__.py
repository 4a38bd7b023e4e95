"""briefing: a daily digest of one running story, written by a model, proven line by line."""

__version__ = "0.1.0"

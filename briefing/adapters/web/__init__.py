"""The web: one guarded door through which every byte from the network comes."""

from briefing.adapters.web.client import GuardedWeb

__all__ = ["GuardedWeb"]

"""Parsers in a child process that can do nothing but answer: a document that breaks one is a Skip.

::

    Confined.read(function, document)           the parent: store, network, secrets
     | wire      the call as JSON
     v
    worker      a Python of its own: no secrets, no files, no network; forks for each document a
     v
    reader      with so much memory and so many seconds, and no way but to answer
     |
     v wire     the answer as JSON, never a pickle; read strictly, bounded in size
    a noun, or Skip("parser ran out of memory" | "parser took longer than 30 s" | ...)

The functions are pure and named by the caller; nothing here knows what they do.
"""

from briefing.adapters.confined.confining import Call, Confined, confinement
from briefing.adapters.confined.inplace import InPlace

__all__ = ["Call", "Confined", "InPlace", "confinement"]

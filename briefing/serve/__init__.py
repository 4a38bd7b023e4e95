"""The service: a clock around the same run that a person starts.

::

    lease "serve"            one instance works at a time; another stands by
     | clock                 every few seconds, by our own tables:
     |   editions            what is due and not out yet   -> briefing run --send   (a process)
     |   poll                feeds whose time has come     -> briefing poll         (a process)
     |   deliver             outbox -> mail server
     |   watch               alarms to the operator
     |   tidy                texts that nobody will need again
     `- site                 the archive, subscriptions, health and metrics
"""

from briefing.serve.instance import serve

__all__ = ["serve"]

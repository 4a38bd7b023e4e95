"""What deserves an alarm, and when the operator is told.

::

    Readings, Limits           what the store, the disks and the clock say, and how much is too much
     | alarms                  -> Alarm*        what is wrong now
     | changes                 Alarm*, what was remembered -> what is new, still so, over
     | message                 -> subject and lines of one mail to the operator

Pure: the hour is an argument, and what was told before is remembered by the caller.
"""

from briefing.watch.finding import alarms
from briefing.watch.readings import (
    ClockStep,
    DiskHealth,
    FeedHealth,
    Limits,
    OutboxHealth,
    OwedEdition,
    Readings,
    running_since,
)
from briefing.watch.telling import Changes, StandingAlarm, changes, message
from briefing.watch.trouble import EVENTS, KINDS, Alarm, Kind

__all__ = [
    "EVENTS",
    "KINDS",
    "Alarm",
    "Changes",
    "ClockStep",
    "DiskHealth",
    "FeedHealth",
    "Kind",
    "Limits",
    "OutboxHealth",
    "OwedEdition",
    "Readings",
    "StandingAlarm",
    "alarms",
    "changes",
    "message",
    "running_since",
]

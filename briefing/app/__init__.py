"""Puts the house together: the adapters that a configuration asks for, and a run over them."""

from briefing.adapters.store import BY_HAND
from briefing.app.catching_up import CaughtUp, catch_up
from briefing.app.mailing import deliver_now, send_test
from briefing.app.making import make_edition, poll_once, run_once, slot_of
from briefing.app.parts import DEVICES, App, feeds, limits, model_settings, open, rehearsal, style
from briefing.app.replaying import Replay, Replayed, replay
from briefing.app.trouble import forgive_server
from briefing.stages.address import envelope as check_address

__all__ = [
    "BY_HAND",
    "DEVICES",
    "App",
    "CaughtUp",
    "Replay",
    "Replayed",
    "catch_up",
    "check_address",
    "deliver_now",
    "feeds",
    "forgive_server",
    "limits",
    "make_edition",
    "model_settings",
    "open",
    "poll_once",
    "rehearsal",
    "replay",
    "run_once",
    "send_test",
    "slot_of",
    "style",
]

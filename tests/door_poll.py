"""One poll of hostile and of honest sites, in a process of its own: what came in, what it took.

``python door_poll.py PORT FOLDER DEADLINE BYTES FEED...`` prints one JSON object. Every name of a
site is this machine's; the server at PORT tells them apart by their paths.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from door_server import LOOPBACK
from feed_site import NOW, Words, quiet

from briefing import pipeline
from briefing.adapters.confined import confinement
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import open_store
from briefing.adapters.web import GuardedWeb
from briefing.news import Edition, Feed


def main(port: int, folder: Path, deadline: float, max_bytes: int, urls: list[str]) -> None:
    web = GuardedWeb(
        contact="",
        allow_private=LOOPBACK,
        allow_ports=(port,),
        resolve=lambda host, port: ["127.0.0.1"],
        deadline=deadline,
        max_bytes=max_bytes,
    )
    began = time.monotonic()
    with open_store(f"sqlite:///{folder / 'briefing.db'}") as store:
        ports = pipeline.Ports(
            web, store, Words(), DigestFiles(folder), ThreadEngine(),
            confinement(megabytes=1000, seconds=30.0),
        )  # fmt: skip
        result = pipeline.poll(
            ports, feeds=[Feed(url, url, "p") for url in urls], as_of=NOW.date(), now=NOW,
            pace=timedelta(0), progress=quiet,
        )  # fmt: skip
        articles = store.pending(Edition("nobody", NOW.date()))
    told = {
        "feeds": {one.source: [one.outcome, one.detail] for one in result.reports},
        "skips": {one.subject: [one.stage, one.reason] for one in result.skips},
        "articles": {one.title: one.text for one in articles},
        "seconds": time.monotonic() - began,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])

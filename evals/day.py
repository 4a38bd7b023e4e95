"""One real day of feeds, served over HTTP on this machine, polled twice, made into a digest.

    python evals/day.py --data DIR [--day 2024-11-19] [--out FOLDER]

Reads ``days/replay-week/items.jsonl`` below DIR, serves each publisher's items of the day as RSS
2.0 from loopback (article pages answer 404, so that the feeds' own words are the evidence), and
runs the whole pipeline with the real models. Prints one JSON object: feeds, entries, entries new
at the second poll (must be 0), articles used and left out, sentences written and printed, whether
``verify`` proves the digest, seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from floors import missed

from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.models import LocalModels
from briefing.adapters.store import open_store
from briefing.adapters.web import GuardedWeb
from briefing.config import load
from briefing.news import Feed
from briefing.pipeline import Limits, Ports, RunResult, run
from briefing.proof import verify

ROOT = Path(__file__).parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("BRIEFING_DATA"))
    parser.add_argument("--day", type=date.fromisoformat, default=date(2024, 11, 19))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--adapter", default="", help="folder of a LoRA adapter for the writer")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("name the data folder with --data or BRIEFING_DATA")
    items = read(Path(arguments.data) / "days/replay-week/items.jsonl", arguments.day)
    with tempfile.TemporaryDirectory() as scratch, Serving(items) as served:
        out = arguments.out or Path(scratch) / "digests"
        figures = measure(served, arguments.day, Path(scratch), out, arguments.adapter)
    print(json.dumps(figures))
    return missed("day", figures)


def read(path: Path, day: date) -> dict[str, list[dict[str, Any]]]:
    """The items of one day by the address of their feed."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        if item["day"] == day.isoformat():
            found[item["feed_url"]].append(item)
    return dict(found)


def measure(
    served: Serving, day: date, scratch: Path, out: Path, adapter: str
) -> dict[str, object]:
    """Two runs of the same day."""
    first = one_run(served, day, scratch, out, adapter)
    again = one_run(served, day, scratch, scratch / "again", adapter)
    accounts = first.digest.accounts
    with open_store(f"sqlite:///{scratch / 'briefing.db'}") as store:
        findings = verify(first.folder, articles=store.articles, models=None, floor=0.0)
    return {
        "feeds": len(served.feeds),
        "entries": sum(report.new for report in accounts.feeds),
        "entries_new_at_second_poll": sum(r.new for r in again.digest.accounts.feeds),
        "articles_in": accounts.articles_in,
        "used": accounts.used,
        "left_out": dict(accounts.left_out),
        "developments": len(first.digest.briefs),
        "written": accounts.written,
        "kept": accounts.kept,
        "printed_written": accounts.printed_written,
        "printed_quoted": accounts.printed_quoted,
        "verified": not findings,
        "seconds": first.digest.seconds,
    }


def one_run(served: Serving, day: date, scratch: Path, out: Path, adapter: str) -> RunResult:
    """One run as `briefing run` makes it, with the loopback network allowed."""
    from briefing.adapters.models import ModelSettings

    config = load(ROOT / "config/briefing.toml", {})
    with open_store(f"sqlite:///{scratch / 'briefing.db'}") as store:
        web = GuardedWeb(contact="", allow_private=("127.0.0.0/8",), allow_ports=(served.port,))
        models = LocalModels(ModelSettings(adapter=adapter, offline=True))
        return run(
            Ports(web, store, models, DigestFiles(out), ThreadEngine()),
            story=config.story(),
            source=served.feeds,
            day=day,
            now=datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
            window=timedelta(days=3),
            limits=Limits(style="reports" if adapter else "shorten"),
            progress=lambda stage, done, total: None,
        )


class Serving:
    """A real HTTP server on loopback; ``feeds`` are the subscriptions to it."""

    def __init__(self, items: dict[str, list[dict[str, Any]]]) -> None:
        pages = {f"/{n}.xml": listed for n, listed in enumerate(items.values())}
        serving = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listed = pages.get(self.path)
                body = serving.rss(listed) if listed else b"no such page"
                self.send_response(200 if listed else 404)
                self.send_header("Content-Type", "application/rss+xml" if listed else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.feeds = [
            Feed(
                f"http://127.0.0.1:{self.port}{path}", listed[0]["feed_title"],
                listed[0]["publisher"], language=listed[0]["lang"],
            )
            for path, listed in pages.items()
        ]  # fmt: skip

    def rss(self, items: list[dict[str, Any]]) -> bytes:
        """The items as RSS 2.0, their links pointing to this server."""
        body = "".join(
            f"<item><title>{escape(item['title'])}</title>"
            f"<link>http://127.0.0.1:{self.port}/page?{escape(item['link'])}</link>"
            f"<guid>{escape(item['link'])}</guid>"
            f"<description>{escape(item['description'] or '')}</description>"
            f"<pubDate>{format_datetime(datetime.fromisoformat(item['published']))}</pubDate></item>"
            for item in items
        )
        return f"<rss version='2.0'><channel><title>t</title>{body}</channel></rss>".encode()

    def __enter__(self) -> Serving:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    sys.exit(main())

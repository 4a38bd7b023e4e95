"""One real day of feeds, served over HTTP on this machine, polled twice, made into a digest.

Reads ``days/replay*/items*.jsonl`` below DIR, serves each publisher's items of the day as RSS
2.0 from loopback (article pages answer 404, so that the feeds' own words are the evidence), and
runs the whole pipeline with the real models. Figures: feeds, entries, entries new at the second
poll (must be 0), articles used and left out, sentences written and printed, ``written_share`` (of
the sentences of developments, those that count as the writer's own by :mod:`evals.wording`),
whether ``verify`` proves the digest, seconds.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from briefing.adapters.confined import InPlace
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.store import open_store
from briefing.adapters.web import GuardedWeb
from briefing.config import load
from briefing.news import Feed
from briefing.pipeline import Ports, RunResult, run
from briefing.ports import Progress
from briefing.proof import verify
from evals import product
from evals.product import Product
from evals.reading import Losses, NoData, files, rows
from evals.wording import distribution, wording

ROOT = Path(__file__).parent.parent


DAY = date(2024, 11, 19)
"""The day that is measured unless another is named: the busiest of the replay week."""


def options(parser: argparse.ArgumentParser) -> None:
    """What may be asked beside the data."""
    product.options(parser)
    parser.add_argument("--day", help="YYYY-MM-DD, or `all` for every day of the data")
    parser.add_argument("--out", type=Path, help="keep the digests in this folder")


def figures(data: Path, chosen: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The figures of one day; of several, those of each, summed up.

    Raises:
        NoData: there are no items of that day.
    """
    losses = Losses()
    days = read(data, losses)
    if chosen.day == "all":
        listed = sorted(days)
    elif chosen.day:
        listed = [chosen.day]
    else:
        listed = [DAY.isoformat() if DAY.isoformat() in days else max(days, key=_items_of(days))]
    found = {}
    for day in listed:
        if day not in days:
            raise NoData(
                f"no items of {day}", where=str(data),
                remedy=f"choose from {', '.join(sorted(days))}",
            )  # fmt: skip
        with tempfile.TemporaryDirectory() as scratch, Serving(days[day]) as served:
            out = chosen.out or Path(scratch) / "digests"
            found[day] = measure(
                served, date.fromisoformat(day), Path(scratch), out, chosen, progress
            )
    if len(found) == 1:
        return {"day": listed[0], **found[listed[0]], **losses.figures()}
    return {"days": found, **_together(found), **losses.figures()}


def _items_of(days: dict[str, dict[str, list[dict[str, Any]]]]) -> Callable[[str], int]:
    return lambda day: sum(map(len, days[day].values()))


def _together(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Sums over the days, the share of written sentences, and whether every digest is proven."""
    sums: dict[str, Any] = {
        key: sum(each[key] for each in found.values())
        for key in next(iter(found.values()))
        if key in _SUMMED
    }
    sums["written_share"] = _share(sums["sentences_written"], sums["sentences"])
    sums["verified"] = all(each["verified"] for each in found.values())
    return sums


_SUMMED = {
    "entries", "entries_new_at_second_poll", "articles_in", "used", "developments", "written",
    "kept", "printed_written", "printed_quoted", "sentences", "sentences_written", "seconds",
}  # fmt: skip

_NEEDS = {"day": str, "feed_url": str, "title": str, "link": str, "published": str}


def read(data: Path, losses: Losses) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The items by day and by the address of their feed.

    Raises:
        NoData: there is no item.
    """
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for file in files(data, "days/replay*/items*.jsonl"):
        for number, item in rows(file, _NEEDS, losses):
            try:
                date.fromisoformat(item["day"])
                item["published"] = datetime.fromisoformat(item["published"])
            except ValueError as error:
                losses.add(file, number, str(error))
                continue
            found.setdefault(item["day"], {}).setdefault(item["feed_url"], []).append(item)
    if not found:
        raise NoData("no readable item in days/replay*/items*.jsonl", where=str(data))
    return found


def measure(
    served: Serving,
    day: date,
    scratch: Path,
    out: Path,
    chosen: argparse.Namespace,
    progress: Progress,
) -> dict[str, Any]:
    """Two runs of the same day."""
    own = product.opened(chosen, progress)
    first = one_run(served, day, scratch, out, own, progress)
    again = one_run(served, day, scratch, scratch / "again", own, progress)
    accounts = first.digest.accounts
    claims = [claim for brief in first.digest.briefs for claim in brief.claims]
    forms = [
        wording(c.text, [p.text for p in c.passages]) for c in claims if c.wording == "written"
    ]
    counted = sum(form.written for form in forms)
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
        "sentences": len(claims),
        "sentences_written": counted,
        "written_share": _share(counted, len(claims)),
        "wording": distribution(forms),
        "verified": not findings,
        "seconds": first.digest.seconds,
    }


def one_run(
    served: Serving, day: date, scratch: Path, out: Path, own: Product, progress: Progress
) -> RunResult:
    """One run as `briefing run` makes it, with the loopback network allowed."""
    config = load(ROOT / "config/briefing.toml", {})
    with open_store(f"sqlite:///{scratch / 'briefing.db'}") as store:
        web = GuardedWeb(contact="", allow_private=("127.0.0.0/8",), allow_ports=(served.port,))
        return run(
            Ports(web, store, own.models, DigestFiles(out), ThreadEngine(), InPlace()),
            story=config.story(),
            source=served.feeds,
            day=day,
            now=datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
            window=timedelta(days=3),
            limits=own.limits,
            progress=progress,
        )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


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
                f"http://127.0.0.1:{self.port}{path}", listed[0].get("feed_title", ""),
                listed[0].get("publisher", ""), language=listed[0].get("lang") or "en",
            )
            for path, listed in pages.items()
        ]  # fmt: skip

    def rss(self, items: list[dict[str, Any]]) -> bytes:
        """The items as RSS 2.0, their links pointing to this server."""
        body = "".join(
            f"<item><title>{escape(item['title'])}</title>"
            f"<link>http://127.0.0.1:{self.port}/page?{escape(item['link'])}</link>"
            f"<guid>{escape(item['link'])}</guid>"
            f"<description>{escape(item.get('description') or '')}</description>"
            f"<pubDate>{format_datetime(item['published'])}</pubDate></item>"
            for item in items
        )
        return f"<rss version='2.0'><channel><title>t</title>{body}</channel></rss>".encode()

    def __enter__(self) -> Serving:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

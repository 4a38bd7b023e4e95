"""Builds the adapters from config: the only place that knows concrete classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from briefing import pipeline, tables
from briefing.adapters import models
from briefing.adapters.confined import Call, confinement
from briefing.adapters.engine import ThreadEngine
from briefing.adapters.files import DigestFiles
from briefing.adapters.folder import ArticleFolder
from briefing.adapters.models import Device, LocalModels, ModelSettings
from briefing.adapters.store import SqlStore, open_store
from briefing.adapters.web import GuardedWeb
from briefing.config import Config
from briefing.errors import ConfigError
from briefing.news import Document, Entry, Feed
from briefing.ports import Folder, Parsers, Progress
from briefing.sections import SHIPPED
from briefing.stages.extract import extract
from briefing.stages.parse import opml, read_feed
from briefing.stages.write import Style

DEVICES: dict[str, Device] = {"auto": "auto", "cpu": "cpu", "cuda": "cuda", "mps": "mps"}


@dataclass(frozen=True, slots=True)
class App:
    """The adapters of one process."""

    store: SqlStore
    models: LocalModels
    web: GuardedWeb
    files: DigestFiles
    engine: ThreadEngine
    parsers: Parsers


def open(config: Config, *, out: Path | None = None, progress: Progress | None = None) -> App:
    """The adapters that ``config`` asks for. Models are loaded when they are first used.

    Raises:
        ConfigError: a network or port in ``[web]`` is none.
        StoreError: the store cannot be opened.
    """
    settings = model_settings(config)
    local = LocalModels(settings, on_progress=progress) if progress else LocalModels(settings)
    web = _web(config)  # first: a wrong key is told before anything is made
    return App(
        store=open_store(config.store.url),
        models=local,
        web=web,
        files=DigestFiles(out or config.output.folder),
        engine=ThreadEngine(),
        parsers=confinement(
            megabytes=config.run.parser_megabytes,
            seconds=config.run.parser_seconds,
            rehearsal=rehearsal(),
        ),
    )


def rehearsal() -> list[Call]:
    """A feed and a page of our own, read before any other: they load what parsers need."""
    text = "The dock workers of Lunden laid down tools on 21 November 2024, their union said."
    feed = Feed("http://localhost/", "", "")
    entry = Entry("1", feed.url, "http://localhost/1", "A strike", None, text, "text")
    item = f"<item><title>A strike</title><description>&lt;p>{text}</description></item>"
    page = f"<html><title>A strike</title><article><p>{text}</p></article></html>"
    rss = Document(feed.url, f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    return [
        (read_feed, (rss, feed), {}),
        (extract, (entry, Document(entry.link, page.encode())), {"as_of": date(2024, 11, 22)}),
    ]


def _web(config: Config) -> GuardedWeb:
    try:
        return GuardedWeb(
            contact=config.web.contact,
            allow_private=config.web.allow_private,
            allow_ports=config.web.allow_ports,
            deadline=config.web.deadline,
            max_bytes=int(config.web.megabytes * 1_000_000),
            robots=config.web.robots,
            pause=config.web.pause,
        )
    except ConfigError as error:
        key, _, _ = error.message.partition(":")
        raise ConfigError(
            error.message, where=tables.where(config.path, "web", key), remedy=error.remedy
        ) from error


def model_settings(config: Config) -> ModelSettings:
    """What ``config`` says of the models."""
    return ModelSettings(
        writer="" if config.models.writer == "embedded" else config.models.writer,
        revision=config.models.revision,
        sha256=config.models.sha256,
        adapter=_adapter(config),
        judge=_judge(config),
        device=DEVICES[config.models.device],
        offline=config.models.offline,
        cache=Path(config.models.cache) if config.models.cache else None,
        threads=config.models.threads,
    )


def feeds(config: Config) -> list[Feed]:
    """The subscriptions of ``config``."""
    path = config.feeds.file
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot read the feeds file: {error.strerror}",
            where=str(path),
            remedy="`briefing feeds import FILE.opml` makes one; or name it in [feeds] file",
        ) from error
    return list(opml.read_opml(body, where=str(path)))


def article_source(config: Config, source: str) -> Folder | list[Feed]:
    """Where articles come from: the subscriptions, the seeds, or a folder."""
    if source == "feeds":
        return feeds(config)
    return ArticleFolder(config.root / "seeds" if source == "seeds" else Path(source))


def style(config: Config) -> Style:
    """The shipped adapter knows manners; the bare writer chooses among proven sentences."""
    if config.models.writer == "embedded" and config.models.adapter in ("", SHIPPED):
        return "manners" if config.models.adapter else "confined"
    return "reports"


def limits(config: Config) -> pipeline.Limits:
    """How the writer is asked and how sure its sentences must be.

    Raises:
        ModelError: the judge's folder says not how sure it must be.
    """
    asked = pipeline.Limits(candidates=config.models.candidates, style=style(config))
    judge = model_settings(config).judge
    if not judge:
        return asked
    bar = models.calibration(Path(judge))
    return replace(asked, floor=bar.floor, trust=bar.trust)


def _adapter(config: Config) -> str:
    if config.models.adapter != SHIPPED:
        return config.models.adapter
    # It belongs to the embedded writer; another one writes as it is.
    return str(models.SHIPPED / "writer") if config.models.writer == "embedded" else ""


def _judge(config: Config) -> str:
    return str(models.SHIPPED / "judge") if config.models.judge == SHIPPED else config.models.judge

"""``config/briefing.toml``, ``config/stories/*.toml`` and the environment, read once and frozen.

::

    --config FILE | BRIEFING_CONFIG | config/briefing.toml
     | tomllib                   text -> tables             | ConfigError file:line
     | settings, by section      table -> frozen dataclass  | ConfigError file:line, "did you mean"
     | environment               the few documented overrides
     | stories                   one file each -> Story     | ConfigError file:line
    Config

A key exists once: as a field of a section below. Its ``Key`` holds what it means and the bounds it
must keep; ``docs/operations.md`` lists them all, and a test compares the two.

Relative paths in a file start at the *root*: the folder that holds ``config/``, or the file's own
folder when that is not named ``config``. Relative paths in the environment start at the working
folder, as a shell user expects.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from briefing import stories, tables
from briefing.errors import ConfigError
from briefing.news import Story
from briefing.tables import Key

DEFAULT_FILE = Path("config/briefing.toml")

ENVIRONMENT = {
    "BRIEFING_CONFIG": "the configuration file, as --config does",
    "BRIEFING_CACHE": "folder for converted model weights, instead of [models] cache",
    "BRIEFING_STORE": "address of the store, instead of [store] url",
    "BRIEFING_OUT": "folder for digests, instead of [output] folder",
}
"""Every environment variable that is read, and what it does."""


@dataclass(frozen=True, slots=True)
class RunSection:
    """``[run]``: which digest ``briefing run`` makes when nothing else is said."""

    story: Annotated[str, Key("name of a file in `config/stories`")] = "ukraine-missile-policy"
    source: Annotated[str, Key("`feeds`, `seeds`, or a folder of article files")] = "feeds"
    minutes: Annotated[
        float, Key("reading time of an edition, unless the story says otherwise", 0.5, 30.0)
    ] = 2.0
    window_days: Annotated[
        int, Key("articles older than this before the edition's day are left out", 1, 365)
    ] = 3


@dataclass(frozen=True, slots=True)
class StoreSection:
    """``[store]``: what outlives a run."""

    url: Annotated[str, Key("SQLAlchemy address of an SQLite file or a PostgreSQL database")] = (
        "sqlite:///state/briefing.db"
    )


@dataclass(frozen=True, slots=True)
class OutputSection:
    """``[output]``: where editions are written."""

    folder: Annotated[Path, Key("editions are written to `folder/DATE/STORY`")] = Path("digests")


@dataclass(frozen=True, slots=True)
class FeedsSection:
    """``[feeds]``: the subscriptions."""

    file: Annotated[Path, Key("OPML file that `briefing feeds` reads and edits")] = Path(
        "config/feeds.opml"
    )


@dataclass(frozen=True, slots=True)
class WebSection:
    """``[web]``: the one guarded door to the network."""

    contact: Annotated[
        str, Key("mail or page address in the User-Agent, so that a publisher can reach you")
    ] = ""
    deadline: Annotated[
        float, Key("seconds for one fetch in all, redirects included", 1.0, 300.0)
    ] = 20.0
    megabytes: Annotated[float, Key("largest answer after decoding", 0.1, 200.0)] = 15.0
    allow_private: Annotated[
        tuple[str, ...], Key('private networks that may be fetched, as `["10.0.0.0/8"]`')
    ] = ()
    allow_ports: Annotated[
        tuple[int, ...], Key("ports that may be fetched beside 80 and 443, as `[8080]`")
    ] = ()


SHIPPED = "shipped"
"""In ``[models]``: the adapter that comes with the package."""


@dataclass(frozen=True, slots=True)
class ModelsSection:
    """``[models]``: the writer, the embeddings and the judge."""

    writer: Annotated[str, Key("`embedded`, a model folder, or a hub name")] = "embedded"
    revision: Annotated[
        str, Key("commit or tag of a hub writer, which must have one; `briefing model use` sets it")
    ] = ""
    sha256: Annotated[
        str, Key("checksum that the writer's weights must have; empty: not compared")
    ] = ""
    adapter: Annotated[
        str, Key("`shipped`, or a folder of a LoRA adapter for the writer; empty for none")
    ] = ""
    judge: Annotated[
        str, Key("`shipped`, or a folder of a judge's adapter; empty: shortenings only, by rules")
    ] = SHIPPED
    device: Annotated[str, Key("where models run", choices=("auto", "cpu", "cuda", "mps"))] = "auto"
    offline: Annotated[bool, Key("never ask a model hub")] = True
    threads: Annotated[int, Key("processor threads; 0 for all cores", 0, 1024)] = 0
    candidates: Annotated[
        int, Key("drafts for each fact: the first greedy, the others sampled", 1, 16)
    ] = 1
    cache: Annotated[
        str, Key("folder for converted weights; empty for the user's own cache folder")
    ] = ""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a run is told, checked. Paths are absolute."""

    path: Path  # the file that was read
    root: Path  # where its relative paths start
    stories: Mapping[str, Story]  # by slug
    run: RunSection = RunSection()
    store: StoreSection = StoreSection()
    output: OutputSection = OutputSection()
    feeds: FeedsSection = FeedsSection()
    web: WebSection = WebSection()
    models: ModelsSection = ModelsSection()

    def story(self, slug: str | None = None) -> Story:
        """The story of that name; without one, the story of ``[run] story``.

        Raises:
            ConfigError: there is no such story.
        """
        wanted = slug or self.run.story
        if wanted in self.stories:
            return self.stories[wanted]
        where = "" if slug else tables.where(self.path, "run", "story")
        raise ConfigError(
            f"no story is called {wanted!r}",
            where=where,
            remedy=tables.did_you_mean(wanted, self.stories)
            or f"write {self.path.parent / 'stories' / (wanted + '.toml')}",
        )


SECTIONS: dict[str, type[Any]] = {
    "run": RunSection,
    "store": StoreSection,
    "output": OutputSection,
    "feeds": FeedsSection,
    "web": WebSection,
    "models": ModelsSection,
}
"""Section name in the file -> the dataclass whose fields are its keys."""


def find(path: Path | None, environ: Mapping[str, str]) -> Path:
    """The configuration file that would be read: ``path``, BRIEFING_CONFIG, else the default."""
    named = path or (Path(environ["BRIEFING_CONFIG"]) if environ.get("BRIEFING_CONFIG") else None)
    return (named or DEFAULT_FILE).expanduser().absolute()


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Read the configuration file and the stories beside it.

    Args:
        path: the file named by ``--config``; ``None`` for BRIEFING_CONFIG or the default.
        environ: the environment, of which only the names in ``ENVIRONMENT`` are read.

    Raises:
        ConfigError: a file is missing, or says something that is not understood.
    """
    file = find(path, environ)
    if not file.is_file():
        raise ConfigError(
            f"no configuration file at {file}",
            remedy="go to the folder that holds config/briefing.toml, "
            "or name the file with --config FILE or BRIEFING_CONFIG",
        )
    root = file.parent.parent if file.parent.name == "config" else file.parent
    document = tables.read(file)
    document.only(SECTIONS)
    read = {name: document.section(name, kind) for name, kind in SECTIONS.items()}
    config = Config(
        path=file,
        root=root,
        stories=stories.load(file.parent / "stories", minutes=read["run"].minutes),
        **read,
    )
    return _overridden(_rooted(config), environ)


def _rooted(config: Config) -> Config:
    """The same with absolute paths."""
    root = config.root
    return replace(
        config,
        run=replace(config.run, source=_source(config.run.source, root)),
        output=replace(config.output, folder=_absolute(config.output.folder, root)),
        feeds=replace(config.feeds, file=_absolute(config.feeds.file, root)),
        models=replace(
            config.models,
            writer=_writer(config.models.writer, root),
            adapter=_adapter(config.models.adapter, root),
            judge=_adapter(config.models.judge, root),
            cache=_folder(config.models.cache, root),
        ),
        store=replace(config.store, url=_store_url(config.store.url, root)),
    )


def _overridden(config: Config, environ: Mapping[str, str]) -> Config:
    """The same after the environment has spoken; its relative paths start at the working folder."""
    here = Path.cwd()
    if cache := environ.get("BRIEFING_CACHE"):
        config = replace(config, models=replace(config.models, cache=_folder(cache, here)))
    if url := environ.get("BRIEFING_STORE"):
        config = replace(config, store=replace(config.store, url=_store_url(url, here)))
    if out := environ.get("BRIEFING_OUT"):
        config = replace(config, output=replace(config.output, folder=_absolute(Path(out), here)))
    return config


def _absolute(path: Path, start: Path) -> Path:
    return Path(os.path.abspath(start / path.expanduser()))


def _folder(text: str, start: Path) -> str:
    """An absolute folder, or "" as it is."""
    return str(_absolute(Path(text), start)) if text else ""


def _adapter(text: str, root: Path) -> str:
    """``shipped`` and "" as they are, else an absolute folder."""
    return text if text == SHIPPED else _folder(text, root)


def _writer(text: str, root: Path) -> str:
    """``embedded``, an absolute folder when there is one of that name, else a hub name."""
    if text in ("", "embedded"):
        return "embedded"
    folder = _absolute(Path(text), root)
    return str(folder) if folder.is_dir() else text


def _source(text: str, root: Path) -> str:
    """``feeds`` and ``seeds`` as they are, any other source as an absolute folder."""
    return text if text in ("feeds", "seeds") else _folder(text, root)


def _store_url(url: str, start: Path) -> str:
    """SQLite addresses with a relative file start at ``start``; all others stay as they are."""
    scheme, slashes, file = url.partition(":///")
    if scheme.split("+")[0] != "sqlite" or not slashes or file in ("", ":memory:"):
        return url
    name, mark, options = file.partition("?")
    return f"{scheme}:///{_absolute(Path(name), start)}{mark}{options}"

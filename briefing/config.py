"""``config/briefing.toml``, ``config/stories/*.toml`` and the environment, read once and frozen.

::

    --config FILE | BRIEFING_CONFIG | config/briefing.toml
     | tomllib                   text -> tables             | ConfigError file:line
     | settings, by section      table -> frozen dataclass  | ConfigError file:line, "did you mean"
     | environment               the few documented overrides
     | stories                   one file each -> Story     | ConfigError file:line
    Config

A key exists once: as a field in ``sections.py``. Its ``Key`` holds what it means and the bounds it
must keep; ``docs/operations.md`` lists them all, and a test compares the two.

Relative paths in a file start at the *root*: the folder that holds ``config/``, or the file's own
folder when that is not named ``config``. Relative paths in the environment start at the working
folder, as a shell user expects.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefing import stories, tables
from briefing.errors import ConfigError
from briefing.news import Story
from briefing.sections import (
    SECTIONS,
    SHIPPED,
    FeedsSection,
    MailSection,
    ModelsSection,
    OutputSection,
    RunSection,
    ServeSection,
    SiteSection,
    StoreSection,
    WebSection,
)

DEFAULT_FILE = Path("config/briefing.toml")

ENVIRONMENT = {
    "BRIEFING_CONFIG": "the configuration file, as --config does",
    "BRIEFING_CACHE": "folder for converted model weights, instead of [models] cache",
    "BRIEFING_OFFLINE": "1: never ask a model hub, whatever [models] offline says",
    "BRIEFING_STORE": "address of the store, instead of [store] url",
    "BRIEFING_OUT": "folder for digests, instead of [output] folder",
    "BRIEFING_PASSWORD": "password of the mail account, instead of [mail] password_file",
    "BRIEFING_SECRET": "key that signs unsubscribe addresses, instead of [site] secret_file",
}
"""Every environment variable that is read, and what it does."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a run is told, checked. Paths are absolute."""

    path: Path  # the file that was read
    root: Path  # where its relative paths start
    stories: Mapping[str, Story]  # by slug
    run: RunSection = field(default_factory=RunSection)
    store: StoreSection = field(default_factory=StoreSection)
    output: OutputSection = field(default_factory=OutputSection)
    feeds: FeedsSection = field(default_factory=FeedsSection)
    web: WebSection = field(default_factory=WebSection)
    models: ModelsSection = field(default_factory=ModelsSection)
    serve: ServeSection = field(default_factory=ServeSection)
    mail: MailSection = field(default_factory=MailSection)
    site: SiteSection = field(default_factory=SiteSection)

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
    if not os.path.isfile(file):
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
    try:
        config = _rooted(config)
    except _NoHomeError as error:
        raise error.at(document.first(error.home, "~")) from error
    try:
        return _overridden(config, environ)
    except _NoHomeError as error:
        named = (name for name in ENVIRONMENT if error.home in environ.get(name, ""))
        raise error.at(", ".join(named)) from error


def _rooted(config: Config) -> Config:
    """The same with absolute paths, and the site's address without a slash at its end."""
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
        mail=replace(
            config.mail,
            ca_file=_folder(config.mail.ca_file, root),
            password_file=_folder(config.mail.password_file, root),
            dkim_key_file=_folder(config.mail.dkim_key_file, root),
        ),
        site=replace(
            config.site,
            url=config.site.url.rstrip("/"),
            secret_file=_folder(config.site.secret_file, root),
        ),
    )


def _overridden(config: Config, environ: Mapping[str, str]) -> Config:
    """The same after the environment has spoken; its relative paths start at the working folder."""
    here = Path.cwd()
    if cache := environ.get("BRIEFING_CACHE"):
        config = replace(config, models=replace(config.models, cache=_folder(cache, here)))
    if environ.get("BRIEFING_OFFLINE", "").lower() in ("1", "on", "yes", "true"):
        config = replace(config, models=replace(config.models, offline=True))
    if url := environ.get("BRIEFING_STORE"):
        config = replace(config, store=replace(config.store, url=_store_url(url, here)))
    if out := environ.get("BRIEFING_OUT"):
        config = replace(config, output=replace(config.output, folder=_absolute(Path(out), here)))
    return config


class _NoHomeError(Exception):
    """A path begins with ``~name``, and the system knows nobody of that name."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.home = path.parts[0]  # "~name"

    def at(self, where: str) -> ConfigError:
        """What the user is told."""
        return ConfigError(
            f"nobody whose home folder would be {self.home[:80]!r} is known here",
            where=where,
            remedy="write the whole path, or ~ alone for your own home folder",
        )


def _absolute(path: Path, start: Path) -> Path:
    try:
        return Path(os.path.abspath(start / path.expanduser()))
    except RuntimeError as error:
        raise _NoHomeError(path) from error


def _folder(text: str, start: Path) -> str:
    """An absolute path, or "" as it is."""
    return str(_absolute(Path(text), start)) if text else ""


def _adapter(text: str, root: Path) -> str:
    """``shipped`` and "" as they are, else an absolute folder."""
    return text if text == SHIPPED else _folder(text, root)


def _writer(text: str, root: Path) -> str:
    """``embedded``, an absolute folder when there is one of that name, else a hub name."""
    if text in ("", "embedded"):
        return "embedded"
    folder = _absolute(Path(text), root)
    return str(folder) if os.path.isdir(folder) else text


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

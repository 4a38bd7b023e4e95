"""The sections of ``config/briefing.toml``, one dataclass each: what each key means, its default
and its bounds. ``docs/operations.md`` lists them all, and a test compares the two."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from briefing.tables import Key


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
    parser_seconds: Annotated[
        float, Key("processor time for reading one feed, page or file", 1.0, 600.0)
    ] = 30.0
    parser_megabytes: Annotated[int, Key("memory of the process that reads them", 200, 16000)] = (
        1000
    )


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
    pause: Annotated[
        float, Key("least seconds between the beginnings of two fetches from one host", 0.0, 60.0)
    ] = 0.5
    robots: Annotated[
        bool,
        Key("fetch an article's page only where robots.txt allows it; `false` for one's own sites"),
    ] = True
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
class ServeSection:
    """``[serve]``: the clock of ``briefing serve``."""

    catch_up: Annotated[
        str,
        Key(
            "editions that fell due while it was down: the `latest` of each story, or `each`",
            choices=("latest", "each"),
        ),
    ] = "latest"
    catch_up_days: Annotated[
        int, Key("editions that fell due longer ago are never made up for", 1, 31)
    ] = 7
    poll_minutes: Annotated[
        int, Key("how often a feed is asked, unless it asks to be asked less often", 5, 1440)
    ] = 30
    lease_seconds: Annotated[
        int, Key("after this long without a sign of life another instance takes over", 10, 3600)
    ] = 60
    edition_minutes: Annotated[
        int, Key("a run that takes longer is ended and begun again where it stopped", 1, 1440)
    ] = 60
    late_minutes: Annotated[
        int, Key("an edition not out this long after its time is reported as missed", 5, 1440)
    ] = 60
    stuck_minutes: Annotated[
        int, Key("a mail waiting this long is reported as stuck", 5, 10080)
    ] = 60
    dark_hours: Annotated[
        int, Key("when no feed has answered for so long, it is reported", 1, 168)
    ] = 6
    keep_days: Annotated[
        int,
        Key("articles that no edition cites, and sent mails, keep their text so long", 7, 36500),
    ] = 90
    log: Annotated[
        str, Key("form of the log: key=value lines or JSON lines", choices=("text", "json"))
    ] = "text"


@dataclass(frozen=True, slots=True)
class MailSection:
    """``[mail]``: how editions reach the inbox."""

    host: Annotated[str, Key("name of the mail server (SMTP); empty: no mail is sent")] = ""
    port: Annotated[int, Key("its port", 1, 65535)] = 587
    security: Annotated[
        str,
        Key(
            "`starttls`, `tls` from the first byte, or `none` for a server on this machine",
            choices=("starttls", "tls", "none"),
        ),
    ] = "starttls"
    ca_file: Annotated[
        str, Key("PEM file of the authority that signed the server's certificate; empty: the usual")
    ] = ""
    username: Annotated[str, Key("account on the server; empty: no authentication")] = ""
    password_file: Annotated[
        str, Key("file that holds its password, readable by its owner alone (0600)")
    ] = ""
    sender: Annotated[
        str, Key("who the mails come from, as `The Briefing <briefing@example.org>`")
    ] = ""
    reply_to: Annotated[str, Key("where answers go; empty: to the sender")] = ""
    operator: Annotated[str, Key("address that gets alarms; empty: they are only logged")] = ""
    timeout: Annotated[float, Key("seconds to wait for each answer of the server", 1.0, 600.0)] = (
        120.0
    )
    final_timeout: Annotated[
        float, Key("seconds to wait for the answer to a whole mail (RFC 5321: 600)", 1.0, 3600.0)
    ] = 600.0
    give_up_hours: Annotated[
        int, Key("a mail that the server keeps putting off is dead after this long", 1, 720)
    ] = 96
    dkim_key_file: Annotated[
        str, Key("private key (PEM, 0600) that signs the mails; empty: unsigned")
    ] = ""
    dkim_selector: Annotated[str, Key("name of that key in the domain's DNS")] = ""


@dataclass(frozen=True, slots=True)
class SiteSection:
    """``[site]``: the archive that a reader opens in a browser."""

    listen: Annotated[
        str, Key("address it answers on; every other than this machine's own must be asked for")
    ] = "127.0.0.1"
    port: Annotated[int, Key("its port; 0: no site", 0, 65535)] = 8321
    url: Annotated[
        str, Key("its address for readers, as `https://briefing.example.org`; empty: none in mails")
    ] = ""
    signup: Annotated[bool, Key("readers may sign up for mails, confirmed by a mail")] = False
    secret_file: Annotated[
        str, Key("file of the key that signs unsubscribe addresses; made when missing (0600)")
    ] = "state/secret.key"


SECTIONS: dict[str, type[Any]] = {
    "run": RunSection,
    "store": StoreSection,
    "output": OutputSection,
    "feeds": FeedsSection,
    "web": WebSection,
    "models": ModelsSection,
    "serve": ServeSection,
    "mail": MailSection,
    "site": SiteSection,
}
"""Section name in the file -> the dataclass whose fields are its keys."""

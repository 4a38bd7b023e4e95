"""``briefing doctor --security``: the state of each defence, tried out where that is possible.

``well`` is printed as *ok*, ``note`` as *warning*, ``fault`` as *off*. Nothing but this machine is
asked. SECURITY.md says what each defence is for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from briefing.cli import doctor_holdings, doctor_supply
from briefing.cli.doctor_service import is_here
from briefing.cli.finding import Finding
from briefing.errors import BriefingError

if TYPE_CHECKING:
    from briefing.config import Config

Check = Callable[["Config"], Iterator[Finding]]

FENCE = {"memory", "file size", "open files", "core dumps", "privileges", "files", "system calls"}
"""What a parser's process has of its fence on Linux."""


def defences(config: Config) -> Iterator[Finding]:
    """Every defence in turn."""
    checks: tuple[Check, ...] = (
        door,
        proxies,
        permissions,
        manners,
        parsers,
        tls,
        *doctor_holdings.CHECKS,
        site,
        *doctor_supply.CHECKS,
    )
    for check in checks:
        yield from check(config)


# -- the web -----------------------------------------------------------------------------------


def door(config: Config) -> Iterator[Finding]:
    """Addresses of this machine and its neighbours are refused, however they are spelt."""
    from briefing.adapters.web import proving

    passed = proving.let_through()
    if passed:
        says = f"lets through {', '.join(passed)}"
        yield Finding("door", "fault", says, "install the program again; please report this")
    else:
        tried = len(proving.INSIDE)
        yield Finding("door", "well", f"refuses {tried} spellings of addresses inside, and names")


def proxies(config: Config) -> Iterator[Finding]:
    """No proxy of the environment is used."""
    from briefing.adapters.web import proving

    named = sorted(n for n in os.environ if n.lower() in ("http_proxy", "https_proxy", "all_proxy"))
    if proving.follows_a_proxy():
        remedy = "install the program again; please report this"
        yield Finding("proxies", "fault", "a proxy of the environment sees requests", remedy)
    else:
        says = f"{', '.join(named)} ignored" if named else "none named, and none would be used"
        yield Finding("proxies", "well", says)


def permissions(config: Config) -> Iterator[Finding]:
    """Networks and ports that the configuration opens."""
    said = config.web
    wide = [n for n in said.allow_private if ip_network(n).num_addresses > 1 << 16]
    if wide:
        yield Finding(
            "private networks",
            "fault",
            f"any feed may lead into {', '.join(wide)}",
            "name the one network in [web] allow_private, as 192.168.1.0/24",
        )
    elif said.allow_private:
        yield Finding(
            "private networks",
            "note",
            f"any feed may lead into {', '.join(said.allow_private)}",
            "empty [web] allow_private if no feed of yours lies there",
        )
    else:
        yield Finding("private networks", "well", "none may be fetched")
    if said.allow_ports:
        ports = ", ".join(map(str, said.allow_ports))
        remedy = "empty [web] allow_ports if no feed of yours needs them"
        yield Finding("ports", "note", f"80, 443 and {ports}", remedy)
    else:
        yield Finding("ports", "well", "80 and 443 alone")


def manners(config: Config) -> Iterator[Finding]:
    """What keeps publishers from shutting us out."""
    said = config.web
    if said.contact:
        yield Finding("contact", "well", f"{said.contact} in the User-Agent")
    else:
        says = "no publisher can reach you before shutting you out"
        yield Finding("contact", "note", says, "[web] contact")
    if said.robots:
        yield Finding("robots.txt", "well", "honoured for pages of articles")
    else:
        says = "not asked; publishers forbid pages there"
        yield Finding("robots.txt", "fault", says, "[web] robots = true")
    if said.pause > 0:
        yield Finding("rate", "well", f"{said.pause:g} s between two fetches from one host")
    else:
        yield Finding("rate", "note", "no pause between two fetches", "[web] pause = 0.5")


# -- parsers -----------------------------------------------------------------------------------


def parsers(config: Config) -> Iterator[Finding]:
    """Parsers run in a process of their own that can do nothing but answer."""
    from briefing.adapters.confined import Confined, confinement

    made = confinement(megabytes=config.run.parser_megabytes, seconds=config.run.parser_seconds)
    if not isinstance(made, Confined):
        says = "in this very process; this system cannot confine them"
        yield Finding("parsers", "fault", says, "run the service on Linux, or in a container")
        return
    with made:
        stands = set(made.stands())
    if not stands:
        says = "their process cannot be started"
        yield Finding("parsers", "fault", says, "raise the limits of processes and memory")
    elif missing := FENCE - stands:
        yield Finding(
            "parsers",
            "note",
            f"confined, but not in: {', '.join(sorted(missing))}",
            "a newer Linux (5.13, Landlock) and no seccomp profile against it give all",
        )
    else:
        limits = f"{config.run.parser_megabytes} MB, {config.run.parser_seconds:g} s"
        yield Finding("parsers", "well", f"confined: {limits}; no files, network or processes")


# -- encryption --------------------------------------------------------------------------------


def tls(config: Config) -> Iterator[Finding]:
    """Certificates are asked for, from feeds and from the mail server."""
    from briefing.adapters.smtp import SmtpServer, SmtpSettings
    from briefing.adapters.web import GuardedWeb, proving

    again = "install the program again; please report this"
    if proving.verifies(GuardedWeb(contact="")):
        yield Finding("TLS of feeds", "well", "certificates and names are checked")
    else:
        yield Finding("TLS of feeds", "fault", "certificates are not checked", again)
    said = config.mail
    if not said.host:
        yield Finding("TLS of mail", "well", "no mail is sent")
    elif said.security == "none" and is_here(said.host):
        yield Finding("TLS of mail", "well", f"{said.host} is this machine; nothing leaves it")
    elif said.security == "none":
        says = f"none, and {said.host} is another machine: anybody between reads along"
        yield Finding("TLS of mail", "fault", says, '[mail] security = "starttls" or "tls"')
    else:
        settings = SmtpSettings(host=said.host, security=said.security, ca_file=said.ca_file)
        try:
            checks = SmtpServer(settings).verifies()
        except BriefingError as error:
            yield Finding("TLS of mail", "fault", error.message, error.remedy)
            return
        if checks:
            says = f"{said.security}, certificate and name are checked"
            yield Finding("TLS of mail", "well", says)
        else:
            yield Finding("TLS of mail", "fault", "certificates are not checked", again)


# -- the site ----------------------------------------------------------------------------------


def site(config: Config) -> Iterator[Finding]:
    """Who reaches the site, and what its pages may do in a browser."""
    said = config.site
    if not said.port:
        yield Finding("site address", "well", "no site; [site] port is 0")
    elif is_here(said.listen):
        yield Finding("site address", "well", f"{said.listen}, this machine alone")
    else:
        says = f"{said.listen}: every machine that reaches this one can read it"
        yield Finding("site address", "note", says, '[site] listen = "127.0.0.1"')
    headers = {name: _served(name) for name in ("/healthz", "/nowhere.html")}
    wrong = [f"{page}: {fault}" for page, found in headers.items() for fault in _loose(found)]
    if wrong:
        remedy = "install the program again; please report this"
        yield Finding("site policy", "fault", "; ".join(wrong), remedy)
    else:
        yield Finding("site policy", "well", "no script, no frame, nothing from elsewhere (CSP)")


def _served(path: str) -> dict[str, str]:
    """The headers with which the site answers, asked without a network."""
    from briefing.site import application

    told: dict[str, str] = {}
    absent: Any = None  # neither answer reads the archive or the figures
    made = application(
        archive=absent,
        stories={},
        secret=bytes(32),
        clock=lambda: datetime(2000, 1, 1, tzinfo=UTC),
        ready=list,
        metrics=lambda: absent,
    )

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        for name, value in message.get("headers", ()):
            told[name.decode("latin-1").lower()] = value.decode("latin-1")

    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "scheme": "http",
        "raw_path": path.encode(), "query_string": b"", "headers": [], "root_path": "",
    }  # fmt: skip
    asyncio.run(made(scope, receive, send))  # type: ignore[arg-type]
    return told


def _loose(headers: dict[str, str]) -> Iterator[str]:
    """What in the headers would let a page run or load something."""
    rules = [rule.split() for rule in headers.get("content-security-policy", "").split(";")]
    policy = {rule[0]: " ".join(rule[1:]) for rule in rules if rule}
    if policy.get("default-src") != "'none'":
        yield "no default-src 'none'"
    if allowed := {"script-src", "frame-src", "connect-src", "object-src"} & set(policy):
        yield f"allows {', '.join(sorted(allowed))}"
    if "unsafe" in headers.get("content-security-policy", ""):
        yield "allows what is unsafe"
    if policy.get("frame-ancestors") != "'none'":
        yield "may be framed"
    if headers.get("x-content-type-options") != "nosniff":
        yield "may be sniffed"

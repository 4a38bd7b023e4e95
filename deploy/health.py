"""The container's health check: whether the service in this container does what it is there for.

Exit code 0 when it works, stands by while another instance works, or when this container runs
something else than the service; 1 when it is starting, stuck or broken. The one line that it prints
says which. Loads no model and asks nothing beyond this container and its store.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

TIMEOUT = 5.0  # seconds for the answer of the site, which is asked on this machine's own address


def main() -> int:
    """Print what was found; return the exit code."""
    if not serving(Path("/proc")):
        print("no service runs here")
        return 0
    from briefing import config

    settings = config.load(None, os.environ)
    if settings.site.port:
        listen = settings.site.listen
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(listen, listen)
        code, said = ready(f"http://{host}:{settings.site.port}/readyz")
        if code:
            print(said)
            return 0 if code == 200 else 1
    return by_lease(settings.store.url, sited=bool(settings.site.port))


def serving(proc: Path) -> bool:
    """Whether a process here runs ``briefing serve``."""
    for file in proc.glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended since
        if b"serve" in words and any(b"briefing" in word for word in words):
            return True
    return False


def ready(url: str) -> tuple[int, str]:
    """What the site says of itself, and its status; 0 when nobody answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=TIMEOUT) as answer:
            return answer.status, answer.read(2000).decode("utf-8", "replace").strip()
    except urllib.error.HTTPError as error:
        return error.code, f"not ready: {error.read(2000).decode('utf-8', 'replace').strip()}"
    except OSError:
        return 0, ""


def by_lease(url: str, *, sited: bool) -> int:
    """Who holds the lease of the service, when no site answers; print it and return the code."""
    from briefing.adapters.store import open_store
    from briefing.app.leasing import place
    from briefing.app.mailing import SERVE

    with open_store(url) as store:
        holder = store.leases.holder(SERVE, now=datetime.now(UTC))
    if holder is None:
        print("not ready: no instance holds the lease")
        return 1
    if holder.place.rpartition(":")[0] != place().rpartition(":")[0]:
        print(f"stands by: {holder.place} works")
        return 0
    print("not ready: the site does not answer" if sited else "ready, without a site")
    return 1 if sited else 0


if __name__ == "__main__":
    sys.exit(main())

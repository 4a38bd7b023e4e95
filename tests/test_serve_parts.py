"""The parts of the service that touch processes, sockets and the error stream."""

from __future__ import annotations

import io
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from processes import eventually

from briefing import app, config
from briefing.app.overview import SITE
from briefing.news import Edition
from briefing.serve import children, log
from briefing.serve.children import Children
from briefing.serve.service import Service
from briefing.serve.watching import Watch
from briefing.serve.web import Site

EDITION = Edition("harbour-strike", date(2024, 3, 5), "0630")


# -- the log -----------------------------------------------------------------------------------


@pytest.fixture
def _log_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger(log.NAME)
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:], root.level, ours.level = before


@pytest.mark.usefixtures("_log_as_before")
def test_a_line_of_the_log_is_one_line_whatever_is_said() -> None:
    out = io.StringIO()
    log.set_up("text", stream=out)
    log.say("edition out", edition=EDITION, said='two "words"\nand a line \x1b[31m', empty="")
    (line,) = out.getvalue().splitlines()
    assert 'level=info event="edition out"' in line
    assert "edition=harbour-strike.0630/2024-03-05" in line
    assert r'said="two \"words\"\nand a line \u001b[31m"' in line
    assert line.endswith('empty=""')


@pytest.mark.usefixtures("_log_as_before")
def test_the_log_as_json_holds_the_same_and_a_traceback() -> None:
    out = io.StringIO()
    log.set_up("json", stream=out)
    try:
        raise RuntimeError("an odd one")
    except RuntimeError:
        logging.getLogger(log.NAME).exception("poll failed by a bug")
    said = json.loads(out.getvalue())
    assert (said["level"], said["event"]) == ("error", "poll failed by a bug")
    assert said["traceback"].endswith("RuntimeError: an odd one")
    assert datetime.fromisoformat(said["time"]).tzinfo is not None


# -- processes ---------------------------------------------------------------------------------


def runner(tmp_path: Path, script: str, *, longest: float = 30.0) -> Children:
    """One that starts ``script`` where it would start the program."""
    file = tmp_path / "program.py"
    file.write_text(script, "utf-8")
    found = Children(tmp_path / "briefing.toml", longest=longest)
    found._command = [sys.executable, str(file)]
    return found


def test_an_edition_is_the_same_run_that_a_person_starts(tmp_path: Path) -> None:
    said = runner(tmp_path, "import sys; print(sys.argv[1:], file=sys.stderr)").edition(EDITION)
    assert (said.done, said.code) == (True, 0)
    assert said.said == str(
        ["run", "--story", "harbour-strike", "--date", "2024-03-05", "--slot", "0630", "--send",
         "--quiet", "--config", str(tmp_path / "briefing.toml")]
    )  # fmt: skip


@pytest.mark.parametrize(("code", "done"), [(0, True), (3, True), (1, False), (2, False)])
def test_the_exit_code_says_whether_it_was_done(tmp_path: Path, code: int, done: bool) -> None:
    ended = runner(tmp_path, f"import sys; sys.exit({code})").poll()
    assert (ended.done, ended.code) == (done, code)


def test_the_last_words_are_kept_and_much_noise_does_no_harm(tmp_path: Path) -> None:
    ended = runner(
        tmp_path, "import sys\nfor n in range(60000): print('line', n, file=sys.stderr)"
    ).poll()
    assert ended.said == "line 59997 | line 59998 | line 59999"


def test_what_takes_too_long_is_killed_and_not_asked_to_end(tmp_path: Path) -> None:
    script = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (print('asked', file=sys.stderr), sys.exit(0)))\n"
        "time.sleep(60)"
    )
    ended = runner(tmp_path, script, longest=0.6).edition(EDITION)
    assert (ended.done, ended.code, ended.said) == (False, -9, "it took too long")


def test_a_service_that_ends_asks_its_runs_to_end_and_starts_no_more(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    found = runner(
        tmp_path, f"import time, pathlib; pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    results: list[children.Ended] = []
    thread = threading.Thread(target=lambda: results.append(found.poll()), daemon=True)
    thread.start()
    eventually(ready.exists, "it runs")
    begun = time.monotonic()
    found.stop()
    thread.join(10)
    assert time.monotonic() - begun < children.GRACE
    assert (results[0].done, results[0].code) == (False, -15)
    assert found.poll().said == "the service is ending"


# -- the site ----------------------------------------------------------------------------------


def test_a_site_whose_address_is_taken_is_tried_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file = project / "config" / "briefing.toml"
        file.write_text(file.read_text("utf-8") + f"[site]\nport = {port}\n", "utf-8")
        said = config.load(None, {})
        opened = app.open(said)
        service = Service(said, opened, _Nobody(), lambda: datetime.now(UTC), list)
        site = Site(service, Watch(service))
        site.keep()
        assert opened.store.watching.mark(SITE) is not None
    site.keep()
    assert opened.store.watching.mark(SITE) is None
    site.keep()  # it answers already
    asked = HTTPConnection("127.0.0.1", port, timeout=5)
    asked.request("GET", "/healthz")
    assert asked.getresponse().read() == b"ok\n"
    asked.close()
    site.stop()
    site.join(5)
    opened.store.close()


class _Nobody:
    """Satisfies ``Runner`` by having nothing to do."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was not to be called")


# -- what is owed ------------------------------------------------------------------------------


def test_a_schedule_that_was_changed_owes_nothing_of_before(project: Path) -> None:
    file = project / "config" / "stories" / "harbour-strike.toml"
    text = file.read_text("utf-8")
    now = datetime(2024, 3, 5, 5, tzinfo=UTC)

    def due(times: str, moment: datetime) -> list[str]:
        file.write_text(f"{text}[schedule]\ntimes = [{times}]\n", "utf-8")
        said = config.load(None, {})
        service = Service(said, opened, _Nobody(), lambda: moment, list)
        return [str(one.edition) for one in service.due(said.story()).make]

    opened = app.open(config.load(None, {}))
    assert due('"06:30"', now) == []
    assert due('"06:30"', now.replace(hour=7)) == ["harbour-strike/2024-03-05"]
    later = now.replace(day=9, hour=18)
    assert due('"06:30", "17:00"', later) == [], "nobody was promised those of the week before"
    assert due('"06:30", "17:00"', later.replace(day=10, hour=7)) == [
        "harbour-strike.0630/2024-03-10"
    ]
    opened.store.close()

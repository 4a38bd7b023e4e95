"""The command line on a real pseudo-terminal: every byte that a person's terminal would get.

Models are those of ``test_cli_run``, which count words; all else is real.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

ROWS, COLUMNS = 50, 100
_PROGRAM = """
import json, os, sys
import test_cli_run
import briefing.app.parts
briefing.app.parts.LocalModels = test_cli_run.WordModels
from briefing.cli import main
for arguments in json.loads(sys.argv[1]):
    try:
        main(arguments)
    except SystemExit as stop:
        code = stop.code
    except Exception:
        sys.excepthook(*sys.exc_info())
        code = 70
    sys.stdout.flush(); sys.stderr.flush()
    os.write(1, b"<<<%d>>>" % code)
"""
# What the bars of a run write: cursor off and on, colours, clear line, a line up or down, to its
# start. The pseudo-terminal makes CR LF of each LF.
_OURS = re.compile(rb"\x1b\[\?25[lh]|\x1b\[[\d;]*m|\x1b\[[012]?K|\x1b\[1?[AB]|\r")
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True)
class Shown:
    """What one command printed."""

    code: int
    raw: bytes

    def text(self, *, bars: bool = False) -> str:
        """As text; with ``bars``, without what the bars of a run write of their own."""
        plain = self.raw.replace(b"\r\n", b"\n")
        return (_OURS.sub(b"", plain) if bars else plain).decode("utf-8", "backslashreplace")

    def obeyed(self, *, bars: bool = False) -> list[str]:
        """Characters that a terminal would obey, or that hide or turn text."""
        return _OBEYED.findall(self.text(bars=bars))

    def screen(self) -> pyte.Screen:
        """The terminal afterwards."""
        screen = pyte.Screen(COLUMNS, ROWS)
        pyte.ByteStream(screen).feed(self.raw)
        return screen


def on_terminal(folder: Path, *commands: Sequence[str]) -> list[Shown]:
    """Run the commands one after another in ``folder``, on one terminal."""
    import json

    ours, theirs = pty.openpty()
    environment = os.environ | {
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
        "LINES": str(ROWS),
        "PYTHONPATH": os.pathsep.join(
            filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH")))
        ),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, json.dumps(commands)],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment,
    )  # fmt: skip
    os.close(theirs)
    got = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        got += piece
    os.close(ours)
    assert process.wait(60) == 0, got
    parts = re.split(rb"<<<(\d+)>>>", got)
    return [Shown(int(c), raw) for raw, c in zip(parts[::2], parts[1::2], strict=False)]

"""``python -m fuzz TARGET``: fuzz for a while, or make a finding small.

    python -m fuzz parse --seconds 600 [--data FOLDER]
    python -m fuzz parse --shrink build/fuzz/parse/findings/1a2b3c4d

``--data`` names a folder with ``feeds/`` and ``extraction/pages/``, public files to begin with.
What reached new code stays in ``build/fuzz/TARGET/corpus`` and is where the next run begins.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from fuzz import corpus, running


def main() -> None:
    """Parse the arguments and do it."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, default=corpus.ROOT / "build" / "fuzz")
    parser.add_argument("--shrink", type=Path, metavar="FINDING")
    given = parser.parse_args()
    if not corpus.known(given.target):
        parser.error(f"no target is called {given.target!r}")
    if given.shrink:
        check = importlib.import_module(f"fuzz.{given.target}").check
        sys.stdout.buffer.write(running.shrink(check, given.shrink.read_bytes()))
        return
    folder = given.out / given.target
    running.run(given.target, seconds=given.seconds, folder=folder, data=given.data)


if __name__ == "__main__":
    main()

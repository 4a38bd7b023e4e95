"""Known vulnerabilities of what requirements/ locks: ``make audit``.

Asks the advisory database of the Python registry, or OSV with ``--service osv``, about each
package; so it needs the network, and is no part of ``make test``. Exit code 0: every package was
asked about, and none is known to be vulnerable; 1: some are; 2: not every package could be asked
about, so that nothing can be said.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LISTS = Path(__file__).parent.parent / "requirements"
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2
SHOWN = 5  # names of packages that could not be asked about


def main() -> int:
    """Ask, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi")
    service = parser.parse_args().service
    # torch-cpu.txt names the same release as torch.txt, by a name that no database knows.
    files = sorted(set(LISTS.glob("*.txt")) - {LISTS / "torch-cpu.txt"})
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--vulnerability-service", service, "--require-hashes", "--disable-pip"]
    for file in files:
        command += ["--requirement", str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(
            f"audit: the advisory service {service!r} could not be asked: {last}", file=sys.stderr
        )
        print("  Remedy: try again with a network, or with --service osv", file=sys.stderr)
        return UNKNOWN
    code, lines = judged(report)
    print("\n".join(lines))
    return code


def judged(report: dict[str, Any]) -> tuple[int, list[str]]:
    """Exit code, and what is printed, of a report of pip-audit."""
    asked = [one for one in report["dependencies"] if "skip_reason" not in one]
    skipped = [one["name"] for one in report["dependencies"] if "skip_reason" in one]
    lines = []
    for one in asked:
        for known in one["vulns"]:
            mended = ", ".join(known["fix_versions"]) or "no release"
            lines.append(f"{one['name']} {one['version']}: {known['id']}, mended in {mended}")
    if lines:
        lines.append("pyproject.toml or `make lock ARGS=--upgrade` takes other versions")
    if skipped:
        more = " …" if len(skipped) > SHOWN else ""
        names = ", ".join(sorted(skipped)[:SHOWN]) + more
        lines.append(f"audit: the service knows nothing of {len(skipped)} packages ({names})")
        lines.append(f"audit: {len(asked)} were asked about, so nothing can be said of all")
    if any(one["vulns"] for one in asked):
        return VULNERABLE, lines
    if skipped or not asked:
        return UNKNOWN, lines
    return CLEAN, [f"{len(asked)} packages, none known to be vulnerable"]


if __name__ == "__main__":
    sys.exit(main())

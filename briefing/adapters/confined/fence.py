"""What a worker and its readers take from themselves; none of it can be had back.

Each part is raised where the system has it. Files of Python's own stay readable, because libraries
load their parts when they are first used.
"""

from __future__ import annotations

import math
import resource
import sys
from pathlib import Path

from briefing.adapters.confined import kernel

HANDLES = 16  # open files: the pipes, and one or two while a library loads


def raise_fence(*, megabytes: int) -> list[str]:
    """Give up memory beyond ``megabytes``, files, processes, network and new privileges.

    Returns the names of the parts that stand.
    """
    stands = [
        name
        for name, kind, most in (
            ("memory", resource.RLIMIT_AS, megabytes * 1_000_000),
            ("file size", resource.RLIMIT_FSIZE, 0),
            ("open files", resource.RLIMIT_NOFILE, HANDLES),
            ("core dumps", resource.RLIMIT_CORE, 0),
        )
        if _limited(kind, most)
    ]
    if kernel.no_new_privileges():
        stands.append("privileges")
        stands += ["files"] if kernel.only_read(_own_files()) else []
    return stands


def close_gate(*, seconds: float) -> list[str]:
    """What a reader gives up beside: processor time beyond ``seconds``, and most system calls.

    The kernel ends it after that time (SIGXCPU), and when its parent ends.
    """
    kernel.die_with_parent()
    _limited(resource.RLIMIT_CPU, math.ceil(seconds), grace=1)
    return ["system calls"] if kernel.refuse_calls() else []


def _limited(kind: int, most: int, *, grace: int = 0) -> bool:
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    try:
        resource.setrlimit(kind, (most, last))
    except (OSError, ValueError):  # macOS has no limit of address space
        return False
    return True


def _own_files() -> list[str]:
    """Folders that Python and its libraries are loaded from.

    Of a checkout, which holds the store and passwords too, only the package itself.
    """
    package = Path(__file__).parents[2]
    folders = {str(package), sys.prefix, sys.base_prefix, "/lib", "/lib64", "/usr/lib"}
    folders |= {place for place in sys.path if place and not package.is_relative_to(place)}
    return sorted(folders)

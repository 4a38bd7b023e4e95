"""Two fences that the Linux kernel raises around a process by its own wish: Landlock and seccomp.

Spoken to without a library, by the numbers of the kernel's headers. Both stand until the process
ends, and need no privilege after ``no_new_privs``.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

_NO_NEW_PRIVS, _SECCOMP, _FILTER, _PDEATHSIG = 38, 22, 2, 1  # prctl(2)


def no_new_privileges() -> bool:
    """No program that is started has more rights than this one; whether that is so now."""
    return _LIBC is not None and _LIBC.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0


def die_with_parent() -> None:
    """End by SIGKILL when the parent does."""
    if _LIBC is not None:
        _LIBC.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


# -- Landlock: linux/landlock.h ----------------------------------------------------------------

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every processor
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_FS_NOW = (1 << 16) - 1  # from version 5 on
_TCP = 0b11  # bind, connect; from version 4 on
_SCOPES = 0b11  # abstract sockets, and signals to processes outside; from version 6 on


def only_read(folders: Iterable[str]) -> bool:
    """Of all files, only those below ``folders`` may be opened, and only to be read; no TCP.

    False where the kernel has no Landlock.
    """
    if _LIBC is None or (version := _LIBC.syscall(_CREATE, None, 0, 1)) < 1:
        return False
    parts = (_FS.get(version, _FS_NOW), _TCP, _SCOPES)[: 1 + (version >= 4) + (version >= 6)]
    handled = struct.pack(f"={len(parts)}Q", *parts)
    rules = _LIBC.syscall(_CREATE, handled, len(handled), 0)
    if rules < 0:
        return False
    for folder in folders:
        try:
            place = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:  # a folder of the import path that is not there
            continue
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIR, place)
        _LIBC.syscall(_ADD, rules, 1, rule, 0)
        os.close(place)
    stands: bool = _LIBC.syscall(_RESTRICT, rules, 0) == 0
    os.close(rules)
    return stands


# -- seccomp: linux/seccomp.h, linux/filter.h, asm/unistd_64.h, asm-generic/unistd.h ------------

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    # socket socketpair clone fork vfork execve execveat kill setsid setpgid ptrace mount
    # process_vm_readv process_vm_writev bpf perf_event_open userfaultfd open_by_handle_at unshare
    # setns keyctl memfd_create prlimit64 setrlimit
    "x86_64": (41, 53, 56, 57, 58, 59, 322, 62, 112, 109, 101, 165, 310, 311, 321, 298, 323, 304,
               272, 308, 250, 319, 302, 160),
    "aarch64": (198, 199, 220, 221, 281, 129, 157, 154, 117, 40, 270, 271, 280, 241, 282, 265, 97,
                268, 219, 279, 261, 164),
}  # fmt: skip
_REFUSED_ALIKE = (425, 435)  # io_uring_setup, clone3
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # 1: EPERM


def refuse_calls() -> bool:
    """No sockets, processes, programs or looks into other processes: such a call gets EPERM.

    False where the kernel or the processor is none that this knows.
    """
    machine = platform.machine()
    if _LIBC is None or machine not in _ARCHITECTURE:
        return False
    refused = (*_REFUSED[machine], *_REFUSED_ALIKE)
    left = len(refused)
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture of the call
        (_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # its number
        (_AT_LEAST, left + 1, 0, 0x40000000),  # the x32 numbers of x86_64
        *((_EQUAL, left - n, 0, number) for n, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    stands: bool = _LIBC.prctl(_SECCOMP, _FILTER, program, 0, 0) == 0
    return stands

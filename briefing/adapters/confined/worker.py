"""The child: forks a reader for each document, and hands its answer up.

::

    parent --call--> worker --fork--> reader     the only one that looks into the document
      ^                 |  <--bytes--'  dies after it, of its own or by a limit
      '-- exit code, bytes --'

The worker itself imports, rehearses and waits: it never looks into a document or an answer, so a
document that takes its reader over speaks for itself alone. A reader costs a fork of a small
process with one thread; what it used of memory is gone with it.

Started as ``python -I -B -c START SECONDS MEGABYTES PATH...`` by :mod:`.confining`.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO, NoReturn

from briefing.adapters.confined import fence, wire
from briefing.adapters.confined.inplace import told

START = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from briefing.adapters.confined.worker import main; main()"
)


def main() -> None:
    """Serve calls until the input ends."""
    seconds, megabytes = float(sys.argv[1]), int(sys.argv[2])
    calls, answers = os.fdopen(0, "rb", closefd=False), os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    stands = fence.raise_fence(megabytes=megabytes)
    _write(answers, wire.reply(wire.End(0), json.dumps(stands).encode()))
    while asked := wire.take_call(calls):
        function, most, body = asked
        if not most:  # a rehearsal: what it imports and compiles is there for all readers
            with suppress(Exception):  # the first document that needs it will say so
                wire.do(function, json.loads(body))
            continue
        import_module(function.partition(":")[0])
        gc.freeze()  # else the reader's first collection copies all that it shares with us
        end, said = _read(function, body, most=most, seconds=seconds, calls=calls, answers=answers)
        _write(answers, wire.reply(end, said))
        del body, said


def _read(
    function: str, body: bytes, *, most: int, seconds: float, calls: BinaryIO, answers: int
) -> tuple[wire.End, bytes]:
    """Fork a reader; how it ended, and what it said."""
    mouth, pen = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(mouth)
        os.close(answers)
        os.close(calls.fileno())
        _reader(function, body, pen, seconds)
    os.close(pen)
    said = bytearray()
    while len(said) <= most and (more := os.read(mouth, 1 << 20)):
        said += more
    os.close(mouth)
    if len(said) > most:
        os.kill(reader, signal.SIGKILL)
    _, status, took = os.wait4(reader, 0)
    code = wire.TOO_MUCH if len(said) > most else os.waitstatus_to_exitcode(status)
    size = took.ru_maxrss if sys.platform != "darwin" else took.ru_maxrss // 1024
    end = wire.End(code, size, int(1000 * (took.ru_utime + took.ru_stime)))
    return end, bytes(said) if len(said) <= most else b""


def _reader(function: str, body: bytes, pen: int, seconds: float) -> NoReturn:
    """Do the call and say what came of it; with nothing else to be done by this process."""
    try:
        fence.close_gate(seconds=seconds)
        try:
            said = wire.told(wire.do(function, json.loads(body)))
        except MemoryError:
            os._exit(wire.NO_MEMORY)
        except Exception as error:
            said = wire.told({"broken": told(error)})
        _write(pen, said)
        os._exit(0)
    except MemoryError:
        os._exit(wire.NO_MEMORY)
    finally:
        os._exit(1)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]

"""The door with the system's own resolver: a machine of its own whose name server lies to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

INSIDE = """
import fcntl, json, socket, struct, threading
with socket.socket() as one:  # loopback is down in a new network
    fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 1))
from dns_server import Names
from briefing.adapters.web import GuardedWeb
from briefing.errors import FetchError
reached, told = [], {}
listener = socket.create_server(("", 80))
def serve():
    while True:
        connection, _ = listener.accept()
        with connection:
            reached.append(connection.getsockname()[0])
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi")
threading.Thread(target=serve, daemon=True).start()
ZONES = {
    "rebinding.example": lambda before: ["127.0.0.1"] if before else ["127.0.0.2"],
    "mixed.example": lambda before: ["127.0.0.2", "::1"],
    "inside.example": lambda before: ["127.0.0.1"],
    "mapped.example": lambda before: ["::ffff:127.0.0.1"],
    "alias.example": lambda before: ["inside.example."],
    "metadata.example": lambda before: ["169.254.169.254"],
}
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind(("127.0.0.1", 53))
names = Names(lambda name, before: ZONES.get(name, lambda _: [])(before))
threading.Thread(target=names.serve, args=(wire,), daemon=True).start()
web = GuardedWeb(contact="", allow_private=("127.0.0.2/32",), deadline=10)
for name in ["rebinding.example", *ZONES, "2130706433", "0x7f.1", "127.1"]:
    try:
        web.fetch(f"http://{name}/")
    except FetchError as error:
        told[name] = error.reason
    else:
        told.setdefault(name, "reached")
print(json.dumps([told, reached, len(names.asked)]))
"""


def test_the_system_s_resolver_is_believed_no_more_than_once(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    alone = [unshare or "unshare", "--mount", "--net"]
    may = subprocess.run([*alone, "true"], capture_output=True) if unshare else None
    if may is None or may.returncode:
        pytest.skip("a network of one's own needs the right to make it (root on Linux)")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2\n", "ascii")
    (tmp_path / "inside.py").write_text(INSIDE, "utf-8")
    run = 'mount --bind resolv.conf /etc/resolv.conf && exec "$0" inside.py'
    done = subprocess.run(
        [*alone, "sh", "-c", run, sys.executable],
        cwd=tmp_path, stdout=subprocess.PIPE, text=True, timeout=120, check=True,
        env={**os.environ, "PYTHONPATH": f"{TESTS.parent}:{TESTS}"},
    )  # fmt: skip
    told, reached, asked = json.loads(done.stdout)
    # Once it is outside and reached; each later time, and every other name, is refused
    assert reached == ["127.0.0.2"]
    assert set(told.values()) == {"refused address"}
    assert len(told) == 9
    assert asked == 2 * 7  # A and AAAA for each name; numbers are asked of nobody

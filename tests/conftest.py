"""Promises that every test keeps: no network but this machine's own, no model hub."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that would leave the machine fails the test, whatever the code catches."""
    connect = socket.socket.connect
    look_up = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            pytest.fail(f"a test tried to connect to {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(host, bytes):
            host = host.decode()
        if host and not _is_here(host) and not _is_number(host):
            raise socket.gaierror(socket.EAI_NONAME, "tests ask no name server")
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's shell settings change an answer."""
    for name in ("BRIEFING_CONFIG", "BRIEFING_STORE", "BRIEFING_OUT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of one story in a temporary folder, which is the working folder."""
    stories = tmp_path / "config" / "stories"
    stories.mkdir(parents=True)
    (tmp_path / "config" / "briefing.toml").write_text(
        '[run]\nstory = "harbour-strike"\nsource = "seeds"\n', "utf-8"
    )
    (stories / "harbour-strike.toml").write_text(
        'name = "Harbour strike"\n'
        'description = "The dock workers\' strike in the harbour of Lunden."\n'
        '[terms]\nactors = ["dock workers", "port authority"]\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_number(host: str) -> bool:
    """Digits, dots and colons alone: the resolver answers these without asking anybody."""
    return all(c in "0123456789abcdefxABCDEFX.:" for c in host) and any(c.isdigit() for c in host)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Models this small gain nothing by a second thread, and wait for it on a busy machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

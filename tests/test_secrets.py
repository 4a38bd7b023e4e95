"""Passwords and keys: whence they come, what is refused, and that no message holds one."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.adapters import secrets
from briefing.adapters.secrets import KEY_VARIABLE, own_key, read_secret
from briefing.errors import ConfigError

CANARY = "canary-4711-häher"


def written(path: Path, content: bytes, mode: int = 0o600) -> str:
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


def read(file: str, **environ: str) -> str:
    return read_secret(environ=environ, name="SECRET", file=file, what="password of [mail]")


# -- a secret of the user's --------------------------------------------------------------------


def test_the_environment_comes_first(tmp_path: Path) -> None:
    assert read(written(tmp_path / "p", b"other"), SECRET=CANARY) == CANARY
    assert read("", SECRET=CANARY) == CANARY


def test_an_empty_variable_counts_as_missing(tmp_path: Path) -> None:
    assert read(written(tmp_path / "p", CANARY.encode()), SECRET="") == CANARY


@pytest.mark.parametrize("mode", [0o600, 0o400])
@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (CANARY.encode(), CANARY),
        (CANARY.encode() + b"\n", CANARY),
        (CANARY.encode() + b"\r\n", CANARY),
        (b" a b \n\n", " a b \n"),
        (b"-----BEGIN\nline\n-----END\n", "-----BEGIN\nline\n-----END"),
    ],
)
def test_a_file_without_its_last_line_end(
    tmp_path: Path, content: bytes, secret: str, mode: int
) -> None:
    assert read(written(tmp_path / "p", content, mode)) == secret


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o660, 0o601, 0o700])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    file = written(tmp_path / "p", CANARY.encode(), mode)
    with pytest.raises(ConfigError, match=f"mode {mode:04o}") as caught:
        read(file)
    assert caught.value.remedy == f"chmod 600 {file}"
    assert CANARY not in str(caught.value)


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "p", CANARY.encode())
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(ConfigError, match="belongs to another user"):
        read(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no file"):
        read(str(tmp_path / "missing"))
    with pytest.raises(ConfigError, match="no plain file"):
        read(str(tmp_path))
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(ConfigError, match="no plain file"):
        read(str(tmp_path / "pipe"))
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        read(written(tmp_path / "p", b"x") + "/q")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe" + CANARY.encode(), "not UTF-8"),
        (b"x" * (secrets.MAX_BYTES + 1), "too large"),
    ],
)
def test_what_is_no_secret_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        read(written(tmp_path / "p", content))
    assert caught.value.remedy
    assert "canary" not in str(caught.value)


def test_none_anywhere_says_where_to_put_it() -> None:
    with pytest.raises(ConfigError, match="no password of") as caught:
        read("")
    assert "SECRET" in caught.value.remedy


def test_no_handle_is_left_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for path in (tmp_path, Path(written(tmp_path / "p", b"", 0o644))):
        with pytest.raises(ConfigError):
            read(str(path))
    own_key(tmp_path / "key", {})
    assert len(os.listdir("/proc/self/fd")) == before


# -- the key of the site -----------------------------------------------------------------------


def test_the_key_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "state" / "secret.key"
    key = own_key(file, {})
    assert len(key) == 32
    assert own_key(file, {}) == key
    assert file.read_text("ascii") == key.hex() + "\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == ["secret.key"]
    assert own_key(tmp_path / "other.key", {}) != key


def test_a_wide_umask_changes_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        own_key(tmp_path / "key", {})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_the_key_of_the_environment_needs_no_file(tmp_path: Path) -> None:
    assert own_key(tmp_path / "key", {KEY_VARIABLE: "0F" * 32}) == b"\x0f" * 32
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["4711", "0g" * 32, "ab" * 33, CANARY])
def test_what_is_no_key_is_refused_and_not_shown(tmp_path: Path, value: str) -> None:
    file = written(tmp_path / "key", value.encode())
    for environ in ({}, {KEY_VARIABLE: value}):
        with pytest.raises(ConfigError, match="no key of 64 hex digits") as caught:
            own_key(file, environ)
        assert value not in str(caught.value)
    assert Path(file).read_bytes() == value.encode()


def test_a_key_open_to_others_is_refused(tmp_path: Path) -> None:
    own_key(tmp_path / "key", {})
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(ConfigError, match="mode 0644"):
        own_key(tmp_path / "key", {})


def test_a_folder_that_takes_no_key(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "ascii")
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        own_key(tmp_path / "file" / "key", {})
    with pytest.raises(ConfigError, match="cannot be made"):
        own_key("/proc/none/key", {})


def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(ConfigError, match="No space left"):
            own_key(tmp_path / "key", {})
    assert list(tmp_path.iterdir()) == []
    assert len(own_key(tmp_path / "key", {})) == 32


def test_who_comes_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def beaten(new: str, path: Path) -> None:
        written(path, b"ab" * 32)
        link(new, path)

    monkeypatch.setattr(os, "link", beaten)
    assert own_key(tmp_path / "key", {}) == b"\xab" * 32
    assert os.listdir(tmp_path) == ["key"]


def test_processes_that_make_it_at_once_get_the_same_key(tmp_path: Path) -> None:
    code = (
        "import sys, time; from briefing.adapters.secrets import own_key\n"
        "sys.stdout.write('ready\\n'); sys.stdout.flush(); sys.stdin.readline()\n"
        "print(own_key(sys.argv[1], {}).hex())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "key")]
    runs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for run in runs:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin
        run.stdin.write("\n")
        run.stdin.flush()
    keys = {run.communicate(timeout=20)[0] for run in runs}
    assert keys == {own_key(tmp_path / "key", {}).hex() + "\n"}
    assert os.listdir(tmp_path) == ["key"]

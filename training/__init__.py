"""How the adapters are made, from the pairs in ``data/`` to safetensors. See docs/training.md."""

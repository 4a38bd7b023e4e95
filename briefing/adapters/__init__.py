"""The outside world: network, disk, models, store. Called only from the pipeline."""

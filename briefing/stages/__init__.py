"""Pure steps, one module each, named by its verb. Nouns in, nouns out; no disk, net or clock."""

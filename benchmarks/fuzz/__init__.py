"""Long runs of bad input: every reader of strangers' bytes, its properties, and a mutator."""

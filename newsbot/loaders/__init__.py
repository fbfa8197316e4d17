"""Item loaders: where a field has several sources, the most trusted one wins."""

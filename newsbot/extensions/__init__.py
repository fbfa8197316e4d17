"""What watches a run: its record, its progress, its limits and its end."""

"""Speed, as ratios in one run: ``python -m benchmarks.speed [--kit FOLDER] [--full]``."""

"""Measurements: each command prints its figures and writes them to ``bench/results/``."""

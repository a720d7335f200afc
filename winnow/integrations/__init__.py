"""Winnow as a step of other people's pipelines. Each module needs its package, and is imported by who has it."""

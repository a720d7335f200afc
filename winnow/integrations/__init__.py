"""Winnow as a step in pipelines of other tools; each module needs the package of its tool."""

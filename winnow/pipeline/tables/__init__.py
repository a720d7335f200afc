"""Rows between the stages of a run: their schema, their keys, joins over them, and the version that shaped them."""

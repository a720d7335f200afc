"""Shards of the inputs: cut, cleaned, reused, and carried out by threads or by a cluster."""

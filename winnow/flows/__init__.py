"""Prefect flows and the plain stages that they run."""

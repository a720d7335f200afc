"""Prefect flows over the stages of `winnow.pipeline`, and their server. The only room that knows Prefect."""

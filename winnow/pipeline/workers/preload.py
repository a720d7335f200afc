"""Imported by the server that children are forked from: they share the models and tables that it has loaded.

A child starts in a fifth of the time (docs/limits.md), and models take memory once, not once a child. Nothing
else imports it, for it works while it is imported.
"""

from contextlib import suppress

from winnow.corpus.errors import WinnowError
from winnow.corpus.settings import Settings
from winnow.pipeline.workers.child import warm_up

with suppress(WinnowError, OSError):  # a model is damaged or missing: each child will tell its run
    warm_up(Settings())

"""Loads models and tables, on import, into the server from which children are forked, so that they share them.

A child starts in a fifth of the time (docs/limits.md), and models take memory once instead of once per child. So it
is with what reads. Nothing else imports this module.
"""

from contextlib import suppress

import winnow.pipeline.workers.reading_child  # noqa: F401  # loaded, not used
from winnow.corpus.arrow_without_pandas import leave_pandas_out
from winnow.corpus.errors import WinnowError
from winnow.corpus.settings import Settings
from winnow.pipeline.workers.child import warm_up

leave_pandas_out()
with suppress(WinnowError, OSError):  # a model is damaged or missing: each child will report it to its run
    warm_up(Settings())

"""Errors that a caller can act on."""


class WinnowError(Exception):
    """Anything Winnow raises on purpose; its text says what was wrong, where, and what to do."""


class UsageError(WinnowError):
    """The call itself cannot be carried out: a wrong argument, setting or output folder."""


class CancelledError(WinnowError):
    """A run ended because its caller asked for it; nothing was published, and the next one goes on from there."""


class CleanerError(WinnowError):
    """A cleaner of the user's own raised an error, or gave a removal that makes no sense; its text names it."""


class UnreadableError(WinnowError):
    """One document cannot be read; it goes to quarantine and the run goes on."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason  # one word of `QUARANTINE_REASONS`
        self.detail = detail


QUARANTINE_REASONS = {
    "empty": "the document has no text",
    "binary": "the content is neither text nor HTML",
    "undecodable": "no encoding fits the bytes",
    "too_large": "the document is longer than the setting allows",
    "malformed": "the record or the archive is broken",
    "missing_field": "the record has neither text nor html",
    "unsupported": "no reader knows this kind of file",
    "unreadable": "the file cannot be opened or read",
    "timed_out": "reading or cleaning took longer than the setting allows",
    "out_of_memory": "reading or cleaning took more memory than the setting allows",
    "crashed": "the process that read or cleaned it died, twice",
    "failed": "reading or cleaning raised an error",
}

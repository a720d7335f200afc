"""Child processes that clean, so that a document that hangs or kills one costs a row of quarantine."""

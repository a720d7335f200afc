"""What people decided: an append-only log of events, its state, and what it does to a cleaned document."""

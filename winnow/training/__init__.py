"""What makes the artifacts of `winnow.models` from data. No run imports it, and no run's version depends on it."""

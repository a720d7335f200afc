"""What a run will do, what the last one left, and what has changed since."""

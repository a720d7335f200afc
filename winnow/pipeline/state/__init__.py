"""The state between runs: the plan of the next one, what the last one left, and what has changed since."""

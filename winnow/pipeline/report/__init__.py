"""Reports for people: on a run, and on the differences between two runs."""

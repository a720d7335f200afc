"""The output of a run as people read it, and what two runs differ in."""

"""A run, whoever starts it: its plan, the stages that carry it out, and what it leaves."""

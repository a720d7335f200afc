"""Trainers of the artifacts of `winnow.models`. No run imports them, and no run's version depends on them."""

"""Reliability of sources: features of style, a model of experts' ratings, calibrated intervals."""

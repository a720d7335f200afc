"""Training and evaluation of the model of sources, from rated articles."""

"""Training of the line model, from labelled documents and texts."""

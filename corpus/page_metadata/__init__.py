"""The parts of `corpus.layout.metadata`: what a page declares, and how each field is chosen."""

"""The parts of `winnow.corpus.layout.metadata`: what a page declares, and how each field is chosen."""

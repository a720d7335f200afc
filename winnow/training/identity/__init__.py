"""Training of the detector of generated identities, and the word lists that it knows."""

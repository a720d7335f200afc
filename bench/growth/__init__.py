"""How the time of each part of cleaning grows with a document, over worst cases (`python -m bench.growth`)."""

"""Lines of noise in text that someone extracted: the words of a line first, then its shape, place and neighbours."""

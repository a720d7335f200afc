"""Learned and statistical models: language, extraction, lines, identities, reliability."""

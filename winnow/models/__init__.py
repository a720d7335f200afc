"""What is learned or statistical: language, extraction, identities, reliability."""

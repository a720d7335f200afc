"""E-mail addresses, telephone numbers and postal addresses in texts: found, and masked without moving a character."""

"""The command line: a file a command, their options, and what goes to a terminal."""

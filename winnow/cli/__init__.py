"""The room that talks to people at a terminal: a file a command, and what they share.

A command imports what cleans inside its functions, so that help and version need none of it.
"""

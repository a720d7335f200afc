"""The command line: a module for each command, and what the commands share.

A command imports what cleans inside its functions, so that help and version need none of it.
"""

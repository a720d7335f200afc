"""What only all documents together show: sources and their scores, copies, lines that sites repeat, quotations."""

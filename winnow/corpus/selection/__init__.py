"""Selecting documents of a cleaned corpus into a corpus that other tools can load directly.

It lives in the kernel because it reads rows of the schema and writes rows of the schema: it knows no model,
no cleaner and no flow.
"""

"""Fuzz targets: what takes bytes of strangers, each with inputs to begin with and the promises that it must keep.

`python -m tests.fuzz TARGET` tries inputs on one of them, guided by the code that they reach; `make fuzz` tries all.
"""

"""Runs: their plan, stages and output, whether the command line, Python or Prefect starts them."""

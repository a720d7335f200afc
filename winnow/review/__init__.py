"""The page on which people see why, correct it once, and have it stick. The only room that knows HTTP."""

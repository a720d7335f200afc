"""The review page: people see why a text or source was judged so, and correct it for good. The only room with HTTP."""

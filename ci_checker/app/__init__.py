"""Use cases: each returns values and prints nothing. What the command line and a notebook call."""

"""One file for each act on an account or a unit."""

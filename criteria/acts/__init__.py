"""What each act on a standard looks like at every door: one file an act; see `journal.acts.Act`."""

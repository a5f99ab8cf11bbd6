"""What each act on a flag looks like at every door: one file an act; see `journal.acts.Act`."""

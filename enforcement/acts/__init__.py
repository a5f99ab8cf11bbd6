"""What each act on a measure looks like at every door: one file an act; see `journal.acts.Act`."""

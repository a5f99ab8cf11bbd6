"""What each act on the matrix looks like at every door: one file an act; see `journal.acts.Act`."""

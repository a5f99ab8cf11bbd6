"""What each act on an enterprise or a sector looks like at every door: one file an act; see `journal.acts.Act`."""

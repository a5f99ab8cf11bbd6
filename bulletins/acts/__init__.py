"""What each act on a bulletin looks like at every door: one file an act; see `journal.acts.Act`."""

"""What each act on freezes, formula versions and approved staff looks like at every door: one file an act; see `journal.acts.Act`."""

"""What each act on a hazard looks like at every door: one file an act, each with one ``act``; see `journal.acts.Act`."""

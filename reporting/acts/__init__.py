"""One file per act on a report."""

"""What a process has loaded stays loaded."""

import gc


def settle():
    """Tell the collector not to look again through what is loaded by now, and to look less often: a page makes thousands of short-lived
    rows and numbers, and without this some of them wait while all code, models and templates are walked for nothing. Called once, by
    the web process, the bench and the tests, when they have loaded; what a process makes afterwards is collected as ever."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)

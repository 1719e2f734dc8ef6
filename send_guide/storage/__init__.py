"""Where conversations are kept: trackers, locks, what is taken out before anything is stored."""

"""Who may see the pages for staff: accounts, sign-in, sessions, single sign-on, a log of what was done."""

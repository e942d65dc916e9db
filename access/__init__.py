"""Who comes in: accounts and sessions, the gate before the app, the log of what was done."""

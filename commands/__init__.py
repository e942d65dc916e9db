"""The console commands, one module per subject; `tsunagi.py` puts them together."""

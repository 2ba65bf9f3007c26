"""Memory on disk: the SQLite database of conversations."""

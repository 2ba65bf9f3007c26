"""Model files: the shelf on this computer. The only room that may ever open a network connection."""

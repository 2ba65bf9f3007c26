"""The window: Qt, and the only Qt in the program."""

"""Causerie: a private chat with language models that runs wholly on your own computer."""

__version__ = "0.1.0"

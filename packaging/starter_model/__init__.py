"""Causerie Starter: how the tiny language model that ships with Causerie is made."""

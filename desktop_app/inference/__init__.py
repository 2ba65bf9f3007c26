"""Language models: llama.cpp in a process of its own, and the handle that talks to it."""

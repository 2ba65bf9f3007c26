"""The vocabulary and the rules: plain Python without Qt, files, processes or sockets."""

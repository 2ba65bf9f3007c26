"""The computer underneath: paths, settings, logs, hardware."""

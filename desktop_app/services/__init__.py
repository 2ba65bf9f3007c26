"""Use cases: single-threaded state machines that hear commands and speak in events."""

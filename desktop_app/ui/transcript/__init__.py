"""The transcript: the messages of one branch, of which only what is seen is laid out."""

from desktop_app.ui.transcript.item import TranscriptItem
from desktop_app.ui.transcript.view import TranscriptView

__all__ = ["TranscriptItem", "TranscriptView"]

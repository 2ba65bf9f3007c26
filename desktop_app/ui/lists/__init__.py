"""Qt item models: the lists behind the views."""

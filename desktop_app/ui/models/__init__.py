"""The pages about models: what the Hub offers, what is on this computer, and what is on its way."""

# The names of the sections of the models page, in their order.
DISCOVER, SHELF, DOWNLOADS = SECTIONS = ("discover", "shelf", "downloads")

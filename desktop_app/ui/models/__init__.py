"""The pages about models: what the Hub offers, what is on this computer, and what is on its way."""

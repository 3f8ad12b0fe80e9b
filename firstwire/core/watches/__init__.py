"""Watches: stored boolean queries over an article. Parse, print, evaluate; pure, and blind to how many there are."""

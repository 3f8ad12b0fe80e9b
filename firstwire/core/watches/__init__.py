"""Watches: stored boolean queries over an article, with their parser, printer, evaluation and lint."""

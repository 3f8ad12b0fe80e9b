"""Runs the same core on old articles, from a file or the articles topic, and writes only files."""

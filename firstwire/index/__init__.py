"""A local SQLite of what was read and decided, for people who look: lists, permanent links, search. Disposable."""

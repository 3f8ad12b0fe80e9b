"""The demonstration: all stages, fed with sample articles by a local feed origin."""

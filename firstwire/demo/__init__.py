"""The demonstration: sample articles served by a local feed origin."""

"""Shipped data: feeds, sample articles, entities, rules and known firsts; a package so that the wheel carries it."""

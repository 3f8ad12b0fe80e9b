"""Faust, and only here: the app, its agents, and the transactional sources that feed them.

The name `agents` also belongs to another project on PyPI; `agents.app.refuse_shadowing` says so when that one is found
in our place.
"""

FIRSTWIRE_AGENTS = True
"""What `refuse_shadowing` looks for."""

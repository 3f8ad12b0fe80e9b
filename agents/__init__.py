"""The only package that uses Faust: the app, its agents, and the transactional sources that feed them.

The name `agents` also belongs to another project on PyPI; `agents.app.refuse_shadowing` reports when Python imports
that one instead.
"""

FIRSTWIRE_AGENTS = True
"""The marker that `refuse_shadowing` looks for."""

"""Commands: audit checks published figures."""

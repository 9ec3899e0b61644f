"""Listeners: what was recorded becomes letters, and what is wrong is told. Switched off, no money is lost by it."""

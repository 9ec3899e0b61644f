"""Leaving the sandbox."""

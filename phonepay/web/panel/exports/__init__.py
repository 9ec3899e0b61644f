"""Exports: what a list shows with its filters on, as a file."""

"""Phone Pay: card payments by phone call."""

__version__ = "0.1.0"

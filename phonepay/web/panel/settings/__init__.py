"""Settings: what callers hear, amounts and cards, protection, connections; the pages about a line and the shop."""

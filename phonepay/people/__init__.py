"""The shop's people: who may look, who may act, who owns."""

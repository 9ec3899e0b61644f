"""The panel: the pages of the shop's people. One package a page, one table of who may open what (access.py)."""

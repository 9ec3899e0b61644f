"""Help and About: how to do the few things that are done elsewhere, with this installation's own addresses."""

"""The contact sheet: every page of the panel, full, empty and at its worst, as pictures that somebody looks at."""

"""Whether all is there that a call needs: looked at from the terminal and from the panel alike."""

"""Setting it up, and whether all is there that a call needs: for the terminal and for the pages alike."""

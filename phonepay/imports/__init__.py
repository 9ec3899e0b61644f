"""What other systems kept, brought over: rows of theirs are read, never changed."""

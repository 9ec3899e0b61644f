"""The shop and its telephone lines: what each line asks, says, takes and allows."""

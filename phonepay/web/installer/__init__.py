"""The set-up pages: from an empty machine to a first paid call."""

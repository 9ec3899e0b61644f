"""The door of those who watch: no session, no language, nothing secret."""

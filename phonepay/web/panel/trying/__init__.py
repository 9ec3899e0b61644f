"""Try the line: the whole conversation in the browser, without a phone, an account or money."""

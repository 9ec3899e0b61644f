"""A customer's own data: tell it whole, or erase it."""

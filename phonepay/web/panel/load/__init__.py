"""Load a file of orders: upload, match the columns, look at what would happen, load."""

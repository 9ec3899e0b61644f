"""Loading a file of orders: kept encrypted, its columns matched, read into staged rows, compared, written at once."""

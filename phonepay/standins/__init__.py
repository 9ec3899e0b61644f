"""Stand-ins for the two services the product talks to: the same answers, no money, no telephone network."""

"""Stand-ins for the two services the product talks to: the same addresses and answers, no money, no telephone network."""

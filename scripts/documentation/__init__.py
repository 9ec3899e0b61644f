"""The parts of the documentation's build: what the product tells of itself, pictures, and a look at the result."""

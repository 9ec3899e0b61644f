"""What people owe: orders, the keyed form of their numbers, and who may pay or change one at a time."""

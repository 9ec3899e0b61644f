"""What watches an installation from outside: whether it is ready, and its numbers.

* `readiness`: whether work should be sent here
* `figures`: what the database knows, as families of Prometheus' metrics
* `exposition`: these and what the processes measured of themselves, as text
"""

"""`python -m phonepay.configuration` prints the table of the environment, for the README."""

import sys

from phonepay.configuration.environment import environment_table

sys.stdout.write(environment_table() + "\n")

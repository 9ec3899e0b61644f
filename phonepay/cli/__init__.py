"""The command `phonepay`: each noun has a file, each command parses, makes one call to the domain, and prints.

Exit codes: 0 done; 1 refused, or not in order; 2 written wrong (the command or the environment); 3 not known yet, the
worker finds out.
"""

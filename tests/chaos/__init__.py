"""The breaking harness: the product as it is served, broken at random and many times, then held to its books.

    make chaos                                         a short run on PostgreSQL, then one on SQLite
    make chaos ARGS="--calls 5000 --seconds 1800"      a long one
    make chaos ARGS="--seed 12345 --database sqlite"   the plan of an earlier run once more

Real server processes, real time, real kills; the far ends are the stand-ins. A seed makes the plan (who calls when and
what is broken when); what becomes of it is up to the machine, so a failure may need more than one run to come again.
"""

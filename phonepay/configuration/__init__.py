"""Reading the environment into checked values, before Django starts.

Nothing here imports a room of ours or the settings: the settings import this.

* `environment`: the one table of names, and `read_environment()`
* `values`: what each value must look like
* `addresses`: a database's URL into Django's own words
* `keys`: the keys that are made once in the data folder
* `sqlite`: which SQLite is loaded, and what it may be trusted with
* `logs`: JSON lines with the call's SID, and without card numbers
* `checks`, `apps`: what `check` tells before anything runs
"""

"""What lies below the rooms: the environment, the database's address, keys, encryption, the log, who is at work.

Nothing here imports a room of ours. What is needed before Django starts imports nothing of Django's settings, which
import it:

* `environment`, `variables`, `values`: the one table of names, what each value must look like, and reading it
* `kept`: what is needed before the database and was not set in the environment, in a file of the data folder
* `addresses`, `sqlite`: a database's URL into Django's own words, and what the loaded SQLite may be trusted with
* `keys`, `private_files`: the keys that are made once in the data folder
* `logs`, `context`: JSON lines with what each is about, and without card numbers
* `pages`: where the pages' own files are

And with Django:

* `encryption`: what is encrypted at rest
* `database_trial`, `moving`: trying another database, and taking every row there
* `presence`, `heartbeat`, `arrivals`, `running`: who is at work, when the vendors came, what one `serve` shares
* `reporting`, `scrubbing`: errors and traces for whoever wants them, without secrets and people
* `checks`, `flags`, `apps`, `migrations_pending`: what is told before anything runs, and whether the tables are there
"""

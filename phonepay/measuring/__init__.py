"""What each process measures of itself while it works: how long answers take, and what was refused.

Plain Python. Off until `switch_on` is called, and then each measurement costs a few microseconds and no statement: the
numbers lie in small files that all processes of one `serve` share, so that whichever is asked tells of all
(prometheus.github.io/client_python/multiprocess). What the database knows anyway is not counted here: see monitoring.
"""

from phonepay.measuring.instruments import (
    folder,
    page_answered,
    signature_refused,
    stripe_answered,
    switch_on,
    voice_answered,
)

__all__ = ["folder", "page_answered", "signature_refused", "stripe_answered", "switch_on", "voice_answered"]

"""The product's settings for the type checker: nothing of them is kept, and nothing is read from the shell."""

import os
import tempfile
from unittest import mock

with (
    tempfile.TemporaryDirectory(prefix="phonepay-lint-") as _folder,
    mock.patch.dict(os.environ, {"PHONEPAY_DATA_DIR": _folder}),
):
    from phonepay.settings import *  # noqa: F403 - the point of the file

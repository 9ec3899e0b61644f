"""A child that ends when its parent does, however that ended: nothing of ours runs on unseen and charges cards."""

import ctypes
import os
import platform
import signal
import threading

_PR_SET_PDEATHSIG = 1  # prctl(2)
_LOOK_SECONDS = 1.0


def end_with(parent: int) -> None:
    """Let this process be told SIGTERM when the process `parent`, which started it, is gone.

    Linux does it by itself; elsewhere a thread looks every second.
    """
    if platform.system() == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        # It may have gone before we asked to be told.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        return
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)

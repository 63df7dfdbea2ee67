"""Ties a process to its parent: when the parent dies, however it dies, the kernel ends the child."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends, and end now if it already has."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died between the fork and the call above.
    if os.getppid() != parent:
        os._exit(1)


def start_tied(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a process, in a session of its own, that the kernel ends when this one ends.

    To be called from the main thread of a process without others: a fork could catch another
    thread holding a lock, and the lifeline is tied to the thread that starts the process.
    """
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603 - commands made by the wiring only
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env={**(os.environ if environment is None else environment), "MOTCUA_SUPERVISED": "1"},
        preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 - see above
    )

"""How often Python looks through all that it holds for circles that nobody refers to any more."""

from __future__ import annotations

import gc


def collect_all_seldom() -> None:
    """Look through everything a hundred times less often than Python does by itself.

    It takes a sixth of a second once Django is loaded. What a command makes it mostly keeps until it
    ends; the young objects are looked through as ever.
    """
    young, middle, _all = gc.get_threshold()
    gc.set_threshold(young, middle, 1_000)


def keep_what_is_loaded() -> None:
    """Never look again through what is there now: a server keeps its program until it ends.

    Each look through everything stops all pages of the process.
    """
    gc.collect()
    gc.freeze()

"""What a power cut does not take away again."""

import os
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder and those it lies in, so that a power cut takes none of them away again."""
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in new:
        flush(each.parent)


def flush(path: Path) -> None:
    """Have the disk keep a file's content, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["flush", "make_folder"]

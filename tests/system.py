"""What tests need of the system: where they are relied upon (`CI`), doing without is a failure."""

import os
import shutil
from typing import NoReturn

import pytest


def program(name: str, package: str) -> str:
    """Path of a program; without it a test is skipped, in CI it fails."""
    path = shutil.which(name)
    return path or missing(f"there is no {name}: apt-get install {package}")


def missing(what: str) -> NoReturn:
    """Skip a test for want of something; in CI, fail."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


__all__ = ["missing", "program"]

"""What a reader should know of a calibration, for the terminal."""

from pathlib import Path

from sim.report.calibrate import answer
from sim.report.calibrate.reading import read_calibration
from sim.report.terminal import WORDS


def sentences(folder: Path) -> list[str]:
    """What is met, what is left, what contradicts, and how far to trust it.

    Parameters
    ----------
    folder
        What `repurchase calibrate` wrote.

    Raises
    ------
    ResultsError
        When the folder holds something else or is torn.
    """
    return answer.sentences(read_calibration(folder), WORDS)


__all__ = ["sentences"]

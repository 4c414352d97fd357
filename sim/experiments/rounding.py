"""Numbers as tables keep them: ten significant digits, whatever the processor."""

import numpy as np

from sim.experiments.statistics import Floats

DIGITS = 10  # significant digits kept: the last ones depend on the processor's vector units
EXACT_POWERS = 22  # powers of ten up to this one are whole in a float
SAFE = 1e-4  # from halfway between two numbers of so many digits; scaling errs by less


def to_digits(values: Floats) -> Floats:
    """Each number as ``float(f"{value:.10g}")`` has it, all at once.

    Scaled to a whole number of ten digits, rounded and scaled back: both whole numbers are exact,
    so that their quotient is the float nearest to the decimal number. The few that lie halfway,
    or are very large or small, are told by way of their text.
    """
    size = np.abs(values)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shift = DIGITS - 1 - np.floor(np.log10(size))
        usual = np.abs(shift) <= EXACT_POWERS
        power = 10.0 ** np.where(usual, np.abs(shift), 0.0)
        scaled = np.where(shift >= 0, size * power, size / power)
        whole = np.rint(scaled)
        told = np.copysign(np.where(shift >= 0, whole / power, whole * power), values)
        usual &= (scaled >= 10.0 ** (DIGITS - 1)) & (scaled < 10.0**DIGITS)
        usual &= np.abs(np.abs(scaled - whole) - 0.5) > SAFE
    known = usual | (values == 0.0) | ~np.isfinite(values)
    rounded = np.where(usual, told, values)
    rounded[~known] = [float(f"{value:.{DIGITS}g}") for value in values[~known]]
    return rounded


__all__ = ["DIGITS", "to_digits"]

"""The columns of the tables of a calibration."""

from sim.dictionary.column import Declared, declared

OWN = declared("setting | word | | dotted key of what was estimated")
DRAW = declared("draw | whole | | its number, from 1")
CALIBRATE: Declared = {
    "targets": declared(
        """
        id | word | | of the fact
        kpi | text | | what was measured
        unit | text | | of all figures of the row
        reported | number | of the row | by the literature
        low | number | of the row | bounds of the fact
        high | number | of the row | likewise
        observed_sd | number | of the row | standard deviation of what is known: bounds hold 95 %
        discrepancy_sd | number | of the row | of what the model may be wrong by
        noise_sd | number | of the row | over worlds, at the usual settings
        usual | number | of the row | at the usual settings, mean over worlds
        best | number | of the row | at the best point
        inside | switch | | whether that lies within the bounds
        told_low | number | of the row | between here and there lie 90 % of the draws last lived
        told_high | number | of the row | likewise
        above | number | chance | that what these draws let one find is more than the fact
        covered | switch | | whether that lies between .025 and .975
        without_low | number | of the row | the same by emulators, had the fact not been known
        without_high | number | of the row | likewise
        worst_without | number | | least that any point's worst other fact was implausible
        emulator_error | number | | at the draws last lived, by their own sd; root mean square
        """
    ),
    "settings": (
        *OWN,
        *declared(
            """
            what | text | | what it means
            unit | word | | its unit
            usual | number | of the row | the package's value
            lowest | number | of the row | thought possible at first
            highest | number | of the row | likewise
            best | number | of the row | at the best point
            mean | number | of the row | of the draws
            low | number | of the row | 90 % of them lie between
            high | number | of the row | likewise
            pinned | number | share | of its range's spread that the evidence took away
            even | number | chance | of ranks as uneven as those found, if inference is right
            """
        ),
    ),
    "correlations": declared(
        """
        first | word | | a setting
        second | word | | another that hangs together with it
        correlation | number | | over draws
        """
    ),
    "waves": declared(
        """
        wave | whole | | its number, from 1
        points | whole | points | that were lived
        left | number | share | of what was thought possible that is not ruled out, by emulators
        inside | number | share | of the wave's points that are not ruled out
        """
    ),
    "draws": (*DRAW, *OWN, *declared("value | number | of the setting | where it is")),
    "ranks": (
        *DRAW,
        *OWN,
        *declared("rank | number | share | of what would be inferred from it, below it"),
    ),
    "points": (
        *declared("point | whole | | its number, from 1"),
        *OWN,
        *declared("value | number | of the setting | where it is"),
    ),
}

__all__ = ["CALIBRATE"]

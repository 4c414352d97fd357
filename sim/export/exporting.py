"""Which results can be exported to what, and where the files go."""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sim.console.importing import uncollected
from sim.parameters.quantity import ConfigurationError
from sim.report.page import FIRST_LANGUAGE
from sim.report.reading import comparison_folder
from sim.report.words import Words
from sim.store.folders import alone, plain_errors, whole_file
from sim.store.runs import ResultsError, read_manifest
from sim.text.outgoing import cited
from sim.text.suggestions import instead

Make = Callable[[Path, Words], bytes]  # from a folder of results, in a language


class Format(NamedTuple):
    """A kind of file.

    Attributes
    ----------
    made_in
        Module of this room whose `made` gives the file's content.
    package
        That it needs, as it is imported; empty if none.
    called
        What one calls it when installing it.
    experiments
        What wrote the folders that it can be made of; all, if empty.
    """

    made_in: str
    package: str = ""
    called: str = ""
    experiments: tuple[str, ...] = ()


FORMATS = {
    "xlsx": Format("workbook", "xlsxwriter", "XlsxWriter"),
    "pptx": Format("deck", "pptx", "python-pptx", ("compare",)),
    "pdf": Format("paper", "fpdf", "fpdf2", ("compare", "sweep")),
    "html": Format("page", experiments=("compare", "sweep")),
}


def export(results: Path, asked: str, language: str, output: Path | None = None) -> list[Path]:
    """Export results.

    Parameters
    ----------
    results
        A folder that an experiment wrote, or a folder of results with one comparison.
    asked
        Names of `FORMATS` with commas between.
    language
        One of `sim.report.words.LANGUAGES`.
    output
        The file, or for several a folder that is there; otherwise they go beside the tables, as
        ``export.xlsx`` and so on (``export.zh.xlsx`` in Chinese), in the place of earlier ones.

    Returns
    -------
    list of Path
        The files. The same results give the same bytes.

    Raises
    ------
    ConfigurationError, ResultsError
        In one sentence.
    """
    words = Words(language)
    names = formats(asked)
    folder = comparison_folder(results)
    experiment = str(read_manifest(folder).get("experiment"))
    for name in names:
        _check(name, experiment, folder)
    places = _places(folder, names, language, output)
    with alone(folder), uncollected():
        for name, place in places.items():
            make: Make = import_module(f"sim.export.{FORMATS[name].made_in}").made
            content = make(folder, words)
            with plain_errors(place), whole_file(place) as partial:
                partial.write_bytes(content)
    return list(places.values())


def formats(asked: str) -> list[str]:
    """The formats that are asked for, each once."""
    names = list(dict.fromkeys(name.strip().lower() for name in asked.split(",") if name.strip()))
    if not names:
        raise ConfigurationError(f"Say what to export to: --to {', '.join(FORMATS)}.")
    for name in names:
        if name not in FORMATS:
            raise ConfigurationError(
                f"Nothing can be exported to {cited(name)}{instead(name, FORMATS)}"
            )
    return names


def _check(name: str, experiment: str, folder: Path) -> None:
    """Refuse results that cannot become this, and what needs a package that is not there."""
    form = FORMATS[name]
    if form.experiments and experiment not in form.experiments:
        commands = " or ".join(f"`repurchase {each}`" for each in form.experiments)
        possible = [
            each
            for each, other in FORMATS.items()
            if not other.experiments or experiment in other.experiments
        ]
        raise ConfigurationError(
            f"{folder} cannot be exported to {name}: that takes what {commands} wrote; it can be "
            f"exported to {' or '.join(filter(None, (', '.join(possible[:-1]), possible[-1])))}."
        )
    if form.package and find_spec(form.package) is None:
        raise ConfigurationError(
            f"An export to {name} needs the package {form.called}: install it with `pip install "
            "'repurchase[export]'`, or in a checkout with `pip install --editable '.[export]'`."
        )


def _places(
    folder: Path, names: Sequence[str], language: str, output: Path | None
) -> dict[str, Path]:
    """Where each file goes; what stands there already is only replaced among the results."""
    end = "" if language == FIRST_LANGUAGE else f".{language}"
    if output is None:
        return {name: folder / f"export{end}.{name}" for name in names}
    if output.is_dir():
        places = {name: output / f"{folder.name}{end}.{name}" for name in names}
    elif len(names) > 1:
        raise ConfigurationError(
            f"{output} is no folder, and several files need one: make it, or export to one kind."
        )
    else:
        places = {names[0]: output}
    for place in places.values():
        if place.exists():
            raise ResultsError(f"{place} is there already: name another, or move it away.")
        if not place.parent.is_dir():
            raise ResultsError(f"{place.parent} is no folder: make it, or name another.")
    return places


__all__ = ["FORMATS", "Format", "export", "formats"]

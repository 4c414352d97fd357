"""Files of `conf/` and of a folder of the user's own, composed by Hydra.

Hydra finds the files and lays them over one another; what they say is read by
`sim.config.yaml_files`, so that nothing in them is filled in, run or waited for.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.overrides import setting
from sim.config.yaml_files import read_settings
from sim.parameters.quantity import ConfigurationError
from sim.text.incoming import read_text
from sim.text.outgoing import cited
from sim.text.suggestions import instead, unknown

SCHEME = "settings"  # of the folders that Hydra looks into by way of this module


@cache
def composed_by_hydra(
    primary: str,
    choices: tuple[tuple[str, str], ...],
    places: tuple[Path, ...],
    found: tuple[tuple[str, str, str], ...],
) -> dict[str, Any]:
    """A primary file with its groups as chosen; kept, since Hydra takes its time.

    A file whose name begins with _ is for others to build on and never named as a choice.

    Parameters
    ----------
    primary
        Name of the file.
    choices
        Group and the name of its file, for each that is not chosen as usual.
    places
        Folders laid out like `conf/`; the first that has a file counts.
    found
        Levers and shocks, whose files the simulation takes in: folder, place and name of each;
        one without a file is as it is declared.
    """
    from hydra import compose, initialize
    from hydra.core.config_store import ConfigStore
    from hydra.errors import HydraException, MissingConfigException

    _let_hydra_read()
    ConfigStore.instance().store("begin", OmegaConf.create(_begin(primary, places, found)))
    folders = ",".join(f"'{SCHEME}://{quote(str(place))}'" for place in places)
    chosen = [setting(group, name) for group, name in choices]
    try:
        with initialize(config_path=None, version_base="1.3", job_name="repurchase"):
            composed = compose("begin", [*chosen, f"hydra.searchpath=[{folders}]"])
        return cast(dict[str, Any], OmegaConf.to_container(composed, resolve=False))
    except MissingConfigException as error:
        missing = str(error.missing_cfg_file)
        group, _, name = missing.rpartition("/")
        what = f"{group}={name}" if group else f"{name}.yaml"
        options = [each for each in error.options or () if not each.startswith("_")]
        raise ConfigurationError(f"There is no {cited(what)}{instead(name, options)}") from error
    except (HydraException, OmegaConfBaseException) as error:
        unset = re.search(r"Could not override '([^']+)'", str(error))
        if unset:
            raise ConfigurationError(unknown(unset[1], ())) from None
        raise ConfigurationError(_first_line(error)) from error
    except RecursionError:
        raise ConfigurationError(
            f"Files of {places[0]} build on one another in a circle: mend their `defaults`."
        ) from None


def _begin(
    primary: str, places: tuple[Path, ...], found: tuple[tuple[str, str, str], ...]
) -> dict[str, Any]:
    """The primary file, with a default for every lever and shock there is."""
    path = next(place for place in places if (place / f"{primary}.yaml").exists())
    values = dict(settings_of(path / f"{primary}.yaml"))
    if found:
        own = [
            {f"{folder}@{part}.{name}": name}
            for folder, part, name in found
            if any((place / folder / f"{name}.yaml").exists() for place in places)
        ]
        values["defaults"] = [*own, *values.get("defaults", [])]
    return values


def settings_of(path: Path) -> Mapping[str, Any]:
    """What a file of settings says, with `defaults` as Hydra understands them."""
    values = read_settings(path)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigurationError(f"{path} has no settings: write name: value on each line.")
    if "hydra" in values:
        raise ConfigurationError(f"{path}: hydra is no setting: take it out.")
    defaults = values.get("defaults", [])
    if not (isinstance(defaults, list) and all(map(_can_be_built_on, defaults))):
        raise ConfigurationError(f"{path}: `defaults` must be a list, as in [town, _self_].")
    return cast(Mapping[str, Any], values)


def _can_be_built_on(entry: Any) -> bool:
    """Whether it names a file, or a group and one of its files."""
    if isinstance(entry, dict):
        return len(entry) == 1 and all(map(_can_be_built_on, [*entry, *entry.values()]))
    return isinstance(entry, str) and entry != ""


@cache
def _let_hydra_read() -> None:
    """Tell Hydra of folders whose files are read by this program."""
    from hydra.core.object_type import ObjectType
    from hydra.core.plugins import Plugins
    from hydra.plugins.config_source import ConfigResult, ConfigSource

    class Folder(ConfigSource):
        """A folder of groups; nothing outside it is found by any name."""

        def __init__(self, provider: str, path: str) -> None:
            super().__init__(provider, path)
            self.home = Path(unquote(self.path))

        @staticmethod
        def scheme() -> str:
            return SCHEME

        def _at(self, name: str) -> Path:
            inside = [part for part in name.split("/") if part]
            return self.home / "nowhere.." if ".." in inside else self.home.joinpath(*inside)

        def _file(self, name: str) -> Path:
            return self._at(self._normalize_file_name(name))

        def load_config(self, config_path: str) -> ConfigResult:
            path = self._file(config_path)
            values = settings_of(path)
            try:
                header = self._get_header_dict(read_text(path).removeprefix("---\n"))
            except ValueError as error:
                raise ConfigurationError(f"{path} begins oddly: {_first_line(error)}") from None
            return ConfigResult(self.provider, str(path), OmegaConf.create(dict(values)), header)

        def available(self) -> bool:
            return True

        def is_group(self, config_path: str) -> bool:
            return self._at(config_path).is_dir()

        def is_config(self, config_path: str) -> bool:
            path = self._file(config_path)
            return path.exists() and not path.is_dir()

        def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
            files: list[str] = []
            for name in sorted(path.name for path in self._at(config_path).iterdir()):
                self._list_add_result(files, f"{config_path}/{name}", name, results_filter)
            return files

    Plugins.instance().register(Folder)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") + "."


__all__ = ["composed_by_hydra", "settings_of"]

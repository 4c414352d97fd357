"""What a configuration notes of a function that replaces a rule: its file is read and never run.

The text is turned into code, which tells whether the function is there and what it takes; code
that is not run does nothing.
"""

import difflib
import dis
import hashlib
import inspect
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import CodeType

from sim.parameters.quantity import ConfigurationError
from sim.rules.finding import rules
from sim.text.incoming import UnreadableError, read_text
from sim.text.outgoing import cited, in_one_line

HERE = (Path(),)
BOUND = ("STORE_NAME", "STORE_GLOBAL")  # what a module does to give something a name


def read_rule(name: str, where: str, folders: Sequence[Path] = HERE) -> dict[str, str]:
    """What a configuration notes of a function that replaces a rule, after looking it over.

    Parameters
    ----------
    name
        The rule, such as ``believe.trust_after``.
    where
        ``file.py``, if the function there has the rule's own name, or ``file.py:function``.
    folders
        Where the file is looked for.

    Raises
    ------
    ConfigurationError
        In one sentence: an unknown rule, a file or function that is not there, text that is no
        Python, another list of arguments.
    """
    find_rule(name)
    file, _, function = where.rpartition(":")
    if not file or not function.isidentifier():
        file, function = where, name.rpartition(".")[2]
    source = _text(f"rules.{name}={cited(where)}", file, folders)
    code = _function_of(_code(file, source), file, function)
    if code is not None:
        check_arguments(name, file, function, code)
    return {
        "file": file,
        "function": function,
        "sha256": hashlib.sha256(source.encode()).hexdigest(),
        "source": source,
    }


def place_of(file: str, folders: Sequence[Path] = HERE) -> Path | None:
    """Where a file of rules lies: in the first of these folders that has it."""
    try:
        return next((folder / file for folder in folders if (folder / file).exists()), None)
    except (OSError, ValueError):  # a name that no file can have
        return None


def _text(said: str, file: str, folders: Sequence[Path]) -> str:
    path = place_of(file, folders)
    if path is None:
        raise ConfigurationError(f"{said}: there is no file {cited(file)}.")
    try:
        return read_text(path)
    except OSError as error:
        why = error.strerror
    except UnreadableError as error:
        why = str(error)
    raise ConfigurationError(f"{said}: {in_one_line(file)} cannot be read: {why}.")


def find_rule(name: str) -> str:
    """The name, if there is such a rule; else `ConfigurationError` with the nearest one."""
    if name not in rules():
        raise ConfigurationError(f"There is no rule {cited(name)}{_nearest(name)}")
    return name


def _nearest(name: str) -> str:
    words = {word: rule for rule in rules() for word in (rule, rule.partition(".")[2])}
    near = difflib.get_close_matches(name, words, n=1, cutoff=0.5)
    near = near or difflib.get_close_matches(name.rpartition(".")[2], words, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {words[near[0]]}?"
    return ": `repurchase rule` lists them."


def _code(file: str, source: str) -> CodeType:
    """The file's text as code that nobody runs."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a text that may never be run
            return compile(source, file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # of deep brackets too
        what = f"{type(error).__name__}: {cited(str(error))}".rstrip(".")
        raise ConfigurationError(f"{in_one_line(file)} cannot be loaded: {what}.") from None


def _function_of(module: CodeType, file: str, function: str) -> CodeType | None:
    """Code of a file's function of that name; None where only running the file would tell."""
    defined = {
        each.co_name: each
        for each in module.co_consts
        if isinstance(each, CodeType) and each.co_name.isidentifier()
    }
    if function in defined:
        return defined[function]
    steps = list(dis.get_instructions(module))
    bound = {step.argval for step in steps if step.opname in BOUND}
    everything = any(step.opname in ("IMPORT_STAR", "CALL_INTRINSIC_1") for step in steps)
    if function in bound or everything:  # imported, or another name for something else
        return None
    raise ConfigurationError(no_function(file, function, list(defined)))


def no_function(file: str, function: str, others: Sequence[str]) -> str:
    """The sentence that refuses a file without a function of that name."""
    there = f"; it has {cited(', '.join(others))}" if others else ""
    named = in_one_line(file)
    return f"{named} has no function {function}{there}: write rules.<rule>={named}:<function>."


def check_arguments(name: str, file: str, function: str, code: CodeType) -> None:
    """Refuse a function that does not take what the rule is given."""
    wanted = list(inspect.signature(rules()[name]).parameters)
    given = list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    given += ["*"] * bool(code.co_flags & inspect.CO_VARARGS)
    given += ["**"] * bool(code.co_flags & inspect.CO_VARKEYWORDS)
    if wanted != given:
        said = cannot_replace(name, file, function)
        raise ConfigurationError(
            f"{said}: it takes ({cited(', '.join(given))}) and must take ({', '.join(wanted)})."
        )


def cannot_replace(name: str, file: str, function: str) -> str:
    """How every sentence begins that refuses a function in a rule's place."""
    return f"{in_one_line(file)}:{function} cannot replace {name}"


__all__ = [
    "cannot_replace",
    "check_arguments",
    "find_rule",
    "no_function",
    "place_of",
    "read_rule",
]

"""Which small mistakes there are to plant into a file: one expression or statement, changed.

A mutant is told by its text, what stood there and what stands there instead, so that it stays the
same one when lines above it move. The place it takes in the lot follows from that text and the
seed alone: a mutant added elsewhere changes no other's turn.
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

WIDEST = 96  # letters of source that a mutant is told by

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
OTHER_END = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}
OTHER_END |= {"any": "all", "all": "any", "floor": "ceil"}
DECLARING = {"quantity", "choice", "switch", "dtype", "Field", "TypeVar"}  # no rules, but tables
NUMBERS = ("float", "int", "bool")  # what a function gives back that can be a little off


@dataclass(frozen=True)
class Mutant:
    """One mistake.

    Attributes
    ----------
    file
        Relative to the root.
    line
        Where it stands today.
    inside
        The function it stands in, empty for none.
    before, after
        The source that changes, and what it becomes.
    machine_code
        Whether it stands in a function that writes source for the compiler, which plain Python
        never runs.
    text
        The whole file with the mistake in it.
    """

    file: str
    line: int
    inside: str
    before: str
    after: str
    machine_code: bool
    text: str

    @property
    def told(self) -> tuple[str, str, str, str]:
        """What it is known by, wherever its lines have gone."""
        return self.file, self.inside, self.before, self.after


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Every mistake that can be planted into a file, in the order of its lines."""
    return list(_Planter(file, (root / file).read_text(encoding="utf-8")).mutants())


def drawn(by_file: dict[str, list[Mutant]], count: int, seed: int) -> list[Mutant]:
    """So many of all, from each file in proportion to how many it has, at least one."""
    every = sum(map(len, by_file.values()))
    chosen = []
    for mutants in by_file.values():
        share = max(round(count * len(mutants) / every), 1) if mutants else 0
        chosen += sorted(mutants, key=lambda mutant: _lot(mutant, seed))[:share]
    return sorted(chosen, key=lambda mutant: _lot(mutant, seed))


def _lot(mutant: Mutant, seed: int) -> str:
    return hashlib.sha256(repr((seed, *mutant.told)).encode()).hexdigest()


class _Planter:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.tree = ast.parse(text)
        starts = [0]
        for line in text.encode().splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        self.starts = starts
        self.above: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def mutants(self) -> Iterator[Mutant]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.expr | ast.stmt) and not self._is_no_rule(node):
                for instead in alternatives(node, self):
                    yield self._mutant(node, instead)
                if self._decides(node):
                    yield self._mutant(node, f"not {self.source(node)}")

    def _mutant(self, node: ast.expr | ast.stmt, instead: str) -> Mutant:
        whole, inside = self._shown(node), self.functions(node)
        shown = self._source(whole)
        first = self._span(node)[0] - self._span(whole)[0]
        length = self._span(node)[1] - self._span(node)[0]
        raw = shown.encode()
        after = (raw[:first] + instead.encode() + raw[first + length :]).decode()
        begin, end = self._span(node)
        text = self.text.encode()
        return Mutant(
            file=self.file,
            line=node.lineno,
            inside=".".join(function.name for function in reversed(inside)),
            before=" ".join(shown.split()),
            after=" ".join(after.split()),
            machine_code=any(_writes_source(function) for function in inside),
            text=(text[:begin] + instead.encode() + text[end:]).decode(),
        )

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = self.starts[node.lineno - 1] + node.col_offset
        return begin, self.starts[node.end_lineno - 1] + node.end_col_offset

    def _source(self, node: ast.expr | ast.stmt) -> str:
        begin, end = self._span(node)
        return self.text.encode()[begin:end].decode()

    def _shown(self, node: ast.expr | ast.stmt) -> ast.expr | ast.stmt:
        """The largest piece of source around a node that can still be told in a line."""
        best = node
        while not isinstance(node, ast.stmt):
            parent = self.above[node]
            if isinstance(parent, ast.expr | ast.stmt) and not hasattr(parent, "body"):
                if len(" ".join(self._source(parent).split())) <= WIDEST:
                    best = parent
            elif not isinstance(parent, ast.expr | ast.keyword | ast.comprehension):
                break
            node = parent  # type: ignore[assignment]
        return best

    def functions(self, node: ast.AST) -> list[ast.FunctionDef]:
        """Functions around a node, the innermost first."""
        found = []
        while node in self.above:
            node = self.above[node]
            if isinstance(node, ast.FunctionDef):
                found.append(node)
        return found

    def source(self, node: ast.expr) -> str:
        """A node's source, in brackets where it is more than a name or a call."""
        text = self._source(node)
        plain = isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Call | ast.Subscript)
        return text if plain else f"({text})"

    def _decides(self, node: ast.AST) -> TypeGuard[ast.expr]:
        """Whether an `if` asks this, other than by a comparison, which has an opposite."""
        above = self.above[node]
        return (
            isinstance(above, ast.If) and above.test is node and not isinstance(node, ast.Compare)
        )

    def counts_from_start(self, node: ast.AST) -> bool:
        """Whether a number is a place in an array."""
        above = self.above[node]
        return isinstance(above, ast.Subscript) and above.slice is node

    def _is_no_rule(self, node: ast.AST) -> bool:
        """Whether a node is words, types or declarations."""
        while node in self.above:
            parent = self.above[node]
            if isinstance(parent, ast.Call) and called(parent) in DECLARING:
                return True
            if isinstance(node, ast.Assert | ast.Raise | ast.JoinedStr | ast.Import):
                return True
            if isinstance(parent, ast.FunctionDef):
                if node in parent.decorator_list or node is parent.returns:
                    return True
            elif isinstance(parent, ast.arg | ast.ClassDef):
                return True
            if node is getattr(parent, "annotation", None):
                return True
            node = parent
        return False


def called(call: ast.Call) -> str:
    """Name of what is called."""
    name = call.func
    return name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")


def _writes_source(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(word, ast.Call) and called(word) == "overload"
        for word in function.decorator_list
    )


def alternatives(node: ast.AST, planter: _Planter) -> Iterator[str]:
    """What could stand in a node's place by mistake."""
    source = planter.source
    match node:
        case ast.Compare(left, [operator], [right]):
            for other in COMPARISONS[type(operator)]:
                yield f"{source(left)} {SIGNS[other]} {source(right)}"
        case ast.BinOp(left, operator, right) if type(operator) in ARITHMETIC:
            yield f"({source(left)} {SIGNS[ARITHMETIC[type(operator)]]} {source(right)})"
            yield source(left)
            if isinstance(operator, ast.Add | ast.Mult):
                yield source(right)
        case ast.BoolOp(operator, parts):
            word = " or " if isinstance(operator, ast.And) else " and "
            yield f"({word.join(map(source, parts))})"
        case ast.UnaryOp(ast.Not() | ast.USub() | ast.Invert(), operand):
            yield source(operand)
        case ast.Constant(bool() | int() | float() as value):
            yield from _other_numbers(value, may_be_below=not planter.counts_from_start(node))
        case ast.IfExp(test, body, orelse):
            yield f"({source(orelse)} if {source(test)} else {source(body)})"
        case ast.Call(func, arguments) if called(node) in OTHER_END and arguments:
            name, end = ast.unparse(func), called(node)
            inside = ast.unparse(ast.Call(ast.Name("f"), arguments, node.keywords))[1:]
            yield name.removesuffix(end) + OTHER_END[end] + inside
        case ast.stmt():
            yield from _other_statements(node, planter)


def _other_numbers(value: bool | int | float, may_be_below: bool) -> Iterator[str]:
    """A number a little or very much off; a place in an array is not counted from its end."""
    if isinstance(value, bool):
        yield str(not value)
    elif isinstance(value, int):
        yield str(value + 1)
        if value != 0 or may_be_below:
            yield f"({value - 1})" if value < 1 else str(value - 1)
    else:
        yield from (str(2 * value), f"(-{value})") if value else ("1.0",)


def _other_statements(node: ast.stmt, planter: _Planter) -> Iterator[str]:
    source = planter.source
    match node:
        case ast.Expr(ast.Call()) | ast.AugAssign():
            yield "pass"
        case ast.Assign(targets) if not isinstance(targets[0], ast.Name | ast.Tuple):
            yield "pass"
        case ast.Assign([ast.Name(name)]) if _assigned_before(name, node, planter):
            yield "pass"
        case ast.Return(ast.expr() as value):
            inside = planter.functions(node)
            kind = ast.unparse(inside[0].returns) if inside and inside[0].returns else ""
            if kind == "bool":
                yield f"return not {source(value)}"
            elif kind in NUMBERS and not isinstance(value, ast.Constant):
                yield f"return {source(value)} + 1"
    if isinstance(node, ast.AugAssign):
        other = ARITHMETIC[type(node.op)]()
        yield ast.unparse(ast.AugAssign(node.target, other, node.value))


def _assigned_before(name: str, node: ast.stmt, planter: _Planter) -> bool:
    """Whether a name would still mean something if this assignment were missing."""
    inside = planter.functions(node)
    return bool(inside) and any(
        isinstance(other, ast.Name)
        and isinstance(other.ctx, ast.Store)
        and other.id == name
        and other.lineno < node.lineno
        for other in ast.walk(inside[0])
    )

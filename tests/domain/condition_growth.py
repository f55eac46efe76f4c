"""Random conditions that fit the fields of condition_worlds."""

from typing import Any

from hypothesis import strategies as st
from tests.domain.condition_worlds import (
    DOUBLES,
    GETTERS,
    INSTANTS,
    LENGTHS,
    LONG_LENGTHS,
    ZONES,
    ints,
    texts,
)

from regulars.domain.conditions.syntax import (
    Binary,
    Call,
    Conditional,
    Expr,
    Index,
    ListOfItems,
    Literal,
    Macro,
    Name,
    Select,
    Unary,
    joined,
)
from regulars.domain.conditions.types import BOOL, DOUBLE, DURATION, INT, STRING, TIMESTAMP, Type

Draw = Any


def _path(text: str) -> Expr:
    root, *names = text.split(".")
    expr: Expr = Name(root)
    for name in names:
        expr = Select(expr, name)
    return expr


_LEAVES: dict[Type, list[str]] = {
    BOOL: ["event.data.online", "member.vip"],
    INT: ["event.data.n", "member.visits", "member.age", "order.total", "line.paid"],
    DOUBLE: ["event.data.score"],
    STRING: ["event.type", "event.data.store", "member.level", "member.tier", "line.category"],
    TIMESTAMP: ["now", "member.joined", "member.seen", "event.data.due"],
}


class Grower:
    """Grows a well-typed condition. `audience`: only what SQL can say too."""

    def __init__(self, draw: Draw, *, audience: bool) -> None:
        self.draw = draw
        self.audience = audience
        self.variables: dict[Type, Expr] = {}
        self.in_macro = False

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def grow(self, type_: Type, depth: int) -> Expr:
        if depth <= 0 or self.pick((True, False, False, False)):
            return self.leaf(type_)
        if type_ == BOOL:
            return self.truth(depth - 1)
        if self.pick((True, False, False, False)):
            parts = self.grow(BOOL, depth - 1), self.grow(type_, depth - 1)
            return Conditional(*parts, self.known(type_, depth - 1))
        grown: Expr = getattr(self, f"_{type_}")(depth - 1)
        return grown

    def known(self, type_: Type, depth: int) -> Expr:
        return self.grow(type_, depth)

    def leaf(self, type_: Type) -> Expr:  # noqa: PLR0911 - one for each type
        variable = self.variables.get(type_)
        if variable is not None and self.pick((True, False)):
            return variable
        paths = _LEAVES.get(type_, [])
        if self.audience:
            paths = [path for path in paths if path.split(".")[0] in {"member", "now"}]
        if paths and self.pick((True, True, False)):
            return _path(self.pick(paths))
        match type_:
            case _ if type_ == BOOL:
                return Literal("bool", self.pick((True, False)))
            case _ if type_ == INT:
                return Literal("int", self.draw(ints))
            case _ if type_ == DOUBLE:
                return Literal("double", self.pick(DOUBLES))
            case _ if type_ == STRING:
                return Literal("string", self.draw(texts))
            case _ if type_ == TIMESTAMP:
                return Call("timestamp", None, (Literal("string", self.pick(INSTANTS[1:-1])),))
            case _:
                lengths = LONG_LENGTHS if self.audience else LENGTHS
                return Call("duration", None, (Literal("string", self.pick(lengths)),))

    def truth(self, depth: int) -> Expr:  # noqa: PLR0911 - one for each form
        choices = ["logic"] * 4 + ["not", "order", "equal", "equal", "has", "in", "text", "null"]
        choices += ["map"] + ([] if self.in_macro else ["macro", "macro"])
        match self.pick(choices):
            case "logic":
                count = self.pick((2, 2, 3, 4))
                operands = tuple(self.grow(BOOL, depth) for _ in range(count))
                return joined(self.pick(("&&", "||")), operands)
            case "not":
                return Unary("!", self.grow(BOOL, depth))
            case "order":
                return self._compared(("<", "<=", ">", ">="), depth)
            case "equal":
                return self._compared(("==", "!="), depth)
            case "has":
                paths = ["member.age", "member.seen", "member.tier", "member.balances.points"]
                paths += [] if self.audience else ["event.data.n", "event.data.store"]
                paths = [one for one in paths if not (self.audience and "balances" in one)]
                chosen = _path(self.pick(paths))
                assert isinstance(chosen, Select)
                return Select(chosen.operand, chosen.field, presence=True)
            case "in":
                return self._membership(depth)
            case "text":
                method = self.pick(("startsWith", "endsWith", "contains"))
                return Call(method, self.grow(STRING, depth), (self.grow(STRING, depth),))
            case "null":
                sides = (_path("member.tier"), Literal("null", None))
                return Binary(self.pick(("==", "!=")), *self.pick((sides, sides[::-1])))
            case "map":
                return Binary("in", self.grow(STRING, depth), _path("member.balances"))
            case _:
                return self._macro(depth)

    def _compared(self, operators: tuple[str, ...], depth: int) -> Expr:
        types = [BOOL, INT, INT, STRING, STRING, TIMESTAMP, DURATION]
        types += [] if self.audience else [DOUBLE]
        type_ = self.pick(types)
        left, right = self.grow(type_, depth), self.grow(type_, depth)
        if type_ == DOUBLE and self.pick((True, False)):
            right = Literal("int", self.draw(st.integers(-5, 100)))
        if not self.audience and operators[0] == "==" and self.pick((True, *[False] * 4)):
            left, right = self._list(depth), self._list(depth)
        return Binary(self.pick(operators), left, right)

    def _list(self, depth: int) -> Expr:
        items = tuple(self.grow(INT, depth - 1) for _ in range(self.pick((0, 1, 2))))
        written = ListOfItems(items)
        marks = _path("member.marks")
        if self.in_macro:
            return self.pick((written, marks))
        one = Name("x")
        mapped = Macro("map", marks, "x", None, Binary("+", one, Literal("int", 1)))
        kept = Macro("filter", marks, "x", Binary(">", one, Literal("int", 0)))
        return self.pick((written, marks, mapped, kept, Binary("+", marks, written)))

    def _membership(self, depth: int) -> Expr:
        type_ = self.pick((INT, STRING))
        value = self.grow(type_, depth)
        if self.pick((True, False)):
            holder = _path("member.marks" if type_ == INT else "member.tags")
        elif self.audience or self.pick((True, False)):
            kind, source = ("int", ints) if type_ == INT else ("string", texts)
            constants = self.draw(st.lists(source, max_size=4))
            holder = ListOfItems(tuple(Literal(kind, one) for one in constants))  # type: ignore[arg-type]
        else:
            holder = ListOfItems(tuple(self.grow(type_, depth) for _ in range(2)))
        return Binary("in", value, holder)

    def _macro(self, depth: int) -> Expr:
        sources = ["member.marks", "member.tags", "member.balances"]
        source = self.pick(sources if self.audience else [*sources, "order.lines"])
        variable = Name(self.pick(("x", "member_tag", "v")))
        if source == "order.lines":
            self.variables = {INT: Select(variable, "paid"), STRING: Select(variable, "category")}
        elif source == "member.marks":
            self.variables = {INT: variable}
        else:
            self.variables = {STRING: variable}
        self.in_macro = True
        predicate = self.grow(BOOL, depth)
        self.in_macro, self.variables = False, {}
        kind = self.pick(("all", "exists", "exists_one", "all", "exists", "filter"))
        if kind == "filter" and self.audience:
            kind = "exists"
        macro = Macro(kind, _path(source), variable.name, predicate)
        if kind == "filter":
            return Binary("==", Call("size", macro, ()), Literal("int", self.pick((0, 1, 2))))
        return macro

    def _int(self, depth: int) -> Expr:  # noqa: PLR0911 - one for each form
        match self.pick(("sum", "sum", "negative", "size", "part", "get", "convert")):
            case "sum":
                operator = self.pick(("+", "-", "*", "/", "%"))
                return Binary(operator, self.grow(INT, depth), self.grow(INT, depth))
            case "negative":
                inner = self.grow(INT, depth)
                # As the parser has it: a minus before a number is part of the number.
                return inner if isinstance(inner, Literal) else Unary("-", inner)
            case "size":
                paths = [_path("member.tags"), _path("member.balances"), self.grow(STRING, depth)]
                return Call("size", None, (self.pick(paths),))
            case "part":
                if self.pick((True, False, False)):
                    return Call(self.pick(GETTERS[6:]), self.grow(DURATION, depth), ())
                zone = self.pick(((), *((Literal("string", one),) for one in ZONES)))
                return Call(self.pick(GETTERS), self.grow(TIMESTAMP, depth), zone)
            case "get":
                if self.pick((True, False)):
                    key = Literal("string", self.pick(("points", "a", "é")))
                    return Index(_path("member.balances"), key)
                return Index(_path("member.marks"), Literal("int", self.pick((0, 1, 2))))
            case _:
                if self.audience:
                    return Call("int", None, (self.grow(TIMESTAMP, depth),))
                source = self.pick((STRING, TIMESTAMP, INT))
                return Call("int", None, (self.grow(source, depth),))

    def _double(self, depth: int) -> Expr:
        operator = self.pick(("+", "-", "*", "/"))
        return Binary(operator, self.grow(DOUBLE, depth), self.grow(DOUBLE, depth))

    def _string(self, depth: int) -> Expr:
        if self.pick((True, False)):
            return Binary("+", self.grow(STRING, depth), self.grow(STRING, depth))
        types = (INT, BOOL) if self.audience else (INT, BOOL, TIMESTAMP, DURATION)
        return Call("string", None, (self.grow(self.pick(types), depth),))

    def _timestamp(self, depth: int) -> Expr:
        at, by = self.grow(TIMESTAMP, depth), self.grow(DURATION, depth)
        return self.pick((Binary("+", at, by), Binary("-", at, by), Binary("+", by, at)))

    def _duration(self, depth: int) -> Expr:
        if self.pick((True, False)):
            return Binary("-", self.grow(TIMESTAMP, depth), self.grow(TIMESTAMP, depth))
        operator = self.pick(("+", "-"))
        return Binary(operator, self.grow(DURATION, depth), self.grow(DURATION, depth))


@st.composite
def conditions(draw: Draw) -> Expr:
    """Any condition over FIELDS."""
    return Grower(draw, audience=False).truth(4)


@st.composite
def audiences(draw: Draw) -> Expr:
    """A condition over AUDIENCE that SQL can say, or that it refuses for a nullable choice."""
    return Grower(draw, audience=True).truth(3)

"""From the text of a condition to its syntax, with the CEL grammar that cel-python brings."""

import re
from functools import cache
from importlib.util import find_spec
from typing import cast

from lark import Lark, Token
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedToken, VisitError
from lark.lexer import PatternRE, TerminalDef

from regulars.domain.conditions.building import SyntaxBuilder
from regulars.domain.conditions.syntax import (
    MAX_DEPTH,
    MAX_LIST_ENTRIES,
    MAX_NODES,
    MAX_TEXT_CHARACTERS,
    Expr,
    ListOfItems,
    Macro,
    walk,
)
from regulars.domain.errors import ConditionInvalid

# The grammar's own patterns for quoted text try exponentially many ways through a string that
# does not end, and take `inb` for `in b`. These accept the same sentences in linear time.
_ESCAPE_OR = r"(?:\\.|[^\\{stop}])*"
_QUOTED = "|".join(
    rf"{q}{_ESCAPE_OR.format(stop=q + chr(92) + 'n' + chr(92) + 'r')}{q}" for q in ('"', "'")
)
_RAW = "|".join(rf"[rR]{q}[^{q}\n\r]*{q}" for q in ('"', "'"))
_LONG = "|".join(rf"{q}(?:\\[\s\S]|(?!{q})[^\\])*{q}" for q in ('"""', "'''"))
_RAW_LONG = "|".join(rf"[rR]{q}(?:(?!{q})[\s\S])*{q}" for q in ('"""', "'''"))
_SAFER = {
    "STRING_LIT": f"(?:{_RAW}|{_QUOTED})",
    "MLSTRING_LIT": f"(?:{_RAW_LONG}|{_LONG})",
    "BYTES_LIT": f"[bB](?:{_RAW_LONG}|{_LONG}|{_RAW}|{_QUOTED})",
    "IN": r"in(?![_a-zA-Z0-9])",
}

_SURROGATE = re.compile("[\ud800-\udfff]")

_SLIPS = {
    "=": "Write == to compare two values.",
    "&": "Write && for and.",
    "|": "Write || for or.",
    "and": "Write && for and.",
    "or": "Write || for or.",
    "not": "Write ! for not.",
    "AND": "Write && for and.",
    "OR": "Write || for or.",
    "“": 'Write texts between straight quotes: "…".',
    "”": 'Write texts between straight quotes: "…".',
    "‘": 'Write texts between straight quotes: "…".',
    "’": 'Write texts between straight quotes: "…".',
    "，": "Write an ordinary comma.",
    "（": "Write an ordinary bracket.",
    "）": "Write an ordinary bracket.",
}


def parse(text: str) -> Expr:
    """The syntax of `text`. Raises ConditionInvalid if it is no CEL or larger than the limits."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ConditionInvalid(
            f"A condition has at most {MAX_TEXT_CHARACTERS} characters; this one has {len(text)}.",
            offset=MAX_TEXT_CHARACTERS,
        )
    if not text.strip():
        raise ConditionInvalid("The condition is empty. Write true to let everything through.")
    broken = _SURROGATE.search(text)
    if broken is not None:
        raise ConditionInvalid("This is half a character.", offset=broken.start())
    try:
        expr = cast("Expr", _parser().parse(text))
    except UnexpectedToken as error:
        raise _unexpected(error.token, text) from error
    except UnexpectedCharacters as error:
        raise _unreadable(text, cast("int", error.pos_in_stream)) from error
    except VisitError as error:
        # What the builder refuses arrives wrapped.
        raise error.orig_exc from error
    except LarkError as error:
        raise ConditionInvalid("This is no CEL expression.") from error
    _measure(expr)
    return expr


def _unexpected(token: Token, text: str) -> ConditionInvalid:
    if token.type == "$END":
        return ConditionInvalid(
            "The condition stops in the middle: something must follow.", offset=len(text)
        )
    offset = token.start_pos or 0
    return ConditionInvalid(
        _with_hint(f"{str(token)!r} cannot stand here.", text, offset), offset=offset
    )


def _unreadable(text: str, offset: int) -> ConditionInvalid:
    if text[offset] in {'"', "'"}:
        return ConditionInvalid("This text has no closing quote.", offset=offset)
    return ConditionInvalid(
        _with_hint(f"{text[offset]!r} cannot stand here.", text, offset), offset=offset
    )


def _with_hint(message: str, text: str, offset: int) -> str:
    word = re.compile(r"[a-zA-Z]+|.").match(text, offset)
    hint = _SLIPS.get(word.group()) if word else None
    return f"{message} {hint}" if hint else message


def _measure(expr: Expr) -> None:
    """Raises ConditionInvalid at the first node beyond a limit."""
    for count, (node, depth) in enumerate(walk(expr), start=1):
        if count > MAX_NODES:
            raise ConditionInvalid(
                f"A condition has at most {MAX_NODES} parts. Split the rule in two.",
                offset=node.offset,
            )
        if depth > MAX_DEPTH:
            raise ConditionInvalid(
                f"A condition is at most {MAX_DEPTH} levels deep.", offset=node.offset
            )
        if isinstance(node, ListOfItems) and len(node.items) > MAX_LIST_ENTRIES:
            raise ConditionInvalid(
                f"A list has at most {MAX_LIST_ENTRIES} entries; this one has {len(node.items)}."
                " Tag the members or products instead and ask for the tag.",
                offset=node.offset,
            )
        if isinstance(node, Macro):
            _no_macro_inside(node)


def _no_macro_inside(macro: Macro) -> None:
    # One loop inside another multiplies the work; one after the other only adds it.
    for body in (macro.predicate, macro.result):
        for node, _ in walk(body) if body is not None else ():
            if isinstance(node, Macro):
                raise ConditionInvalid(
                    f"{node.kind}() cannot be used inside {macro.kind}().", offset=node.offset
                )


@cache
def _parser() -> Lark:
    """The LALR parser for CEL: built once, in about a tenth of a second."""
    # Importing celpy itself would load an interpreter and a date library (0.3 s) that nobody uses.
    package = find_spec("celpy")
    assert package is not None
    assert package.submodule_search_locations
    return Lark.open(
        f"{package.submodule_search_locations[0]}/cel.lark",
        parser="lalr",
        start="expr",
        transformer=SyntaxBuilder(),
        keep_all_tokens=True,
        maybe_placeholders=False,
        priority="invert",
        g_regex_flags=re.MULTILINE,
        lexer_callbacks={"IDENT": _truth},
        edit_terminals=_safer,
    )


def _safer(terminal: TerminalDef) -> None:
    pattern = _SAFER.get(terminal.name)
    if pattern is not None:
        terminal.pattern = PatternRE(pattern)


def _truth(token: Token) -> Token:
    # The grammar reads true and false as names: the longer pattern wins.
    if token.value in {"true", "false"}:
        return Token.new_borrow_pos("BOOL_LIT", token.value, token)
    return token

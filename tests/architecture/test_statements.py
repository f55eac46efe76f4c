"""Statements are made of constants: values travel beside them, never in them. And whoever lets the
linter look away from a danger says why."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "regulars"
FILES = sorted(SOURCE.rglob("*.py"))
STATEMENT = re.compile(
    r"\b(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table|where\s)",
    re.IGNORECASE | re.DOTALL,
)


def constants(tree: ast.Module) -> set[str]:
    """Names that the module gives once, at its top, to texts that it spells itself."""
    found: set[str] = set()
    for node in tree.body:
        targets, value = [], None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        is_text = isinstance(value, ast.Constant | ast.JoinedStr)
        found |= {one.id for one in targets if isinstance(one, ast.Name) and is_text}
    return found


def imported(tree: ast.Module) -> set[str]:
    """Constants of other modules of ours, by their way of writing."""
    return {
        name.asname or name.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("regulars.")
        for name in node.names
        if name.name.isupper()
    }


def spliced(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and expression of everything that is put into a text which reads like a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                part.value if isinstance(part, ast.Constant) else " x " for part in node.values
            )  # type: ignore[arg-type]
            if STATEMENT.search(text):
                for part in node.values:
                    if isinstance(part, ast.FormattedValue):
                        yield node.lineno, ast.unparse(part.value)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            for side in (node.left, node.right):
                if (
                    isinstance(side, ast.Constant)
                    and isinstance(side.value, str)
                    and STATEMENT.search(side.value)
                ):
                    yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("folder", ["storage", "services", "api", "worker", "cli"])
def test_only_constants_of_the_code_are_put_into_a_statement(folder: str) -> None:
    wrong = []
    for path in sorted((SOURCE / folder).rglob("*.py")):
        tree = ast.parse(path.read_text())
        known = constants(tree) | imported(tree)
        wrong += [
            f"{path.relative_to(SOURCE)}:{line}: {name}"
            for line, name in spliced(tree)
            if name not in known
        ]
    assert wrong == []


def test_this_test_would_notice() -> None:
    bad = 'def f(tx, name):\n    tx.execute(f"select a from {name}")\n'
    worse = "def f(tx, name):\n    tx.execute(\"delete from t where a = '%s'\" % name)\n"
    fine = 'T = "t"\nQ = f"select a from {T}"\n'
    assert list(spliced(ast.parse(bad))) == [(2, "name")]
    assert len(list(spliced(ast.parse(worse)))) == 1
    assert {name for _, name in spliced(ast.parse(fine))} <= constants(ast.parse(fine))


def test_whoever_lets_the_linter_look_away_from_a_danger_says_why() -> None:
    """Of S608, statements made of pieces, the test above is the reason."""
    silent = []
    for path in FILES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.search(r"# noqa: (S\d+)(.*)$", line)
            if found and found[1] != "S608" and not re.search(r"\w{3}", found[2]):
                silent.append(f"{path.relative_to(SOURCE)}:{number}: {found[0]}")
    assert silent == []

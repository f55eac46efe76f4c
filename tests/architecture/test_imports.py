"""Imports point down: the contracts of pyproject.toml hold; tests keep to the same walls."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES_A_FILE = 400
DOMAIN_MAY_USE = {
    "regulars", "msgspec", "jsonschema_rs", "jsonschema", "lark", "re2", "yaml",
    "phonenumbers", "email_validator", "disposable_email_domains", "zxcvbn", "pyotp",
}  # fmt: skip


def test_every_import_contract_holds() -> None:
    beside = Path(sys.executable).with_name("lint-imports")
    command = str(beside) if beside.exists() else shutil.which("lint-imports")
    assert command is not None
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_domain_uses_nothing_but_what_is_listed() -> None:
    used: dict[str, set[str]] = {}
    for path in sorted((ROOT / "src" / "regulars" / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names:
                    used.setdefault(top, set()).add(path.name)
    assert {top: files for top, files in used.items() if top not in DOMAIN_MAY_USE} == {}


def test_no_file_of_tests_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in TESTS}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_A_FILE} == {}


def test_every_file_of_tests_opens_by_saying_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in TESTS
        if (text := path.read_text()) and not text.startswith('"""')
    ]
    assert silent == []

"""The programs that come with the product do what their own examples say, and have no faults."""

from pathlib import Path

import pytest
from tests.domain.programs.rehearsal import differences

from regulars.domain.programs.document import read, read_examples
from regulars.domain.programs.lint import lint
from regulars.domain.programs.rule_words import describe

PROGRAMS = sorted(Path("examples").glob("*.yaml"))


def test_there_are_nine() -> None:
    assert [path.stem for path in PROGRAMS] == [
        *("affinity", "airline_bank", "appreciation", "coffee", "fashion", "grocery"),
        *("partnership", "rebate", "reward"),
    ]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_shipped_program_does_what_its_examples_say(path: Path) -> None:
    assert differences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_shipped_program_has_no_findings(path: Path) -> None:
    assert lint(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_shipped_program_shows_what_matters(path: Path) -> None:
    examples = read_examples(path.read_text(encoding="utf-8"))
    steps = [step for example in examples for step in example.steps]

    assert 6 <= len(examples) <= 12
    assert any(step.type == "return" for step in steps)
    assert any(step.expect.reasons for step in steps)
    assert len({step.expect.tier for step in steps} - {None}) >= 2


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_rule_of_a_shipped_program_is_told_in_both_languages(path: Path) -> None:
    program = read(path.read_text(encoding="utf-8"))
    for rule in program.rules:
        english, chinese = describe(rule, program, "en"), describe(rule, program, "zh-CN")
        assert english
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
        assert set(rule.name) >= {"en", "zh-CN"}


def test_the_supermarket_has_something_of_everything() -> None:
    program = read(Path("examples/grocery.yaml").read_text(encoding="utf-8"))

    assert len(program.rules) == 14
    assert program.benefits
    assert program.cards
    assert program.badges
    assert program.lifecycle

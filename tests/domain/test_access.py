"""Scopes, and the words for reasons."""

import pytest

from regulars.domain.access import MEANING, Access, Scope, parse_scopes
from regulars.domain.errors import InvalidInput, MissingScope
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.reasons import REASONS, reason_words


def test_every_scope_has_a_meaning() -> None:
    assert set(MEANING) == set(Scope)


@pytest.mark.parametrize("held", list(Scope))
@pytest.mark.parametrize("asked", list(Scope))
def test_a_scope_allows_itself_and_admin_allows_everything(held: Scope, asked: Scope) -> None:
    access = Access(1, "till", frozenset({held}))

    if held in {asked, Scope.ADMIN}:
        access.demand(asked)
    else:
        with pytest.raises(MissingScope, match=asked.value):
            access.demand(asked)


def test_scopes_are_read_by_name() -> None:
    assert parse_scopes(["admin", "events:write"]) == {Scope.ADMIN, Scope.EVENTS_WRITE}


@pytest.mark.parametrize("names", [[], ["events"], ["admin", "root"]])
def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(names: list[str]) -> None:
    with pytest.raises(InvalidInput, match="events:write"):
        parse_scopes(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words_of_its_own_in_every_language(language: str) -> None:
    words = [reason_words(code, language) for code in REASONS]

    assert all(words)
    assert len(set(words)) == len(words)

"""A use of personal data has a purpose that its member may hear, and words in both languages."""

import pytest

from regulars.domain.access import Kind
from regulars.domain.errors import InvalidInput
from regulars.domain.uses import (
    ACTIONS,
    ACTORS,
    NOUNS,
    PURPOSES,
    action_words,
    actor_words,
    purpose_of,
    purpose_words,
)


def test_a_purpose_is_kept_with_its_case_and_told_without() -> None:
    kept = purpose_of("fraud", "T-4711")
    assert kept == "fraud: T-4711"
    assert purpose_words(kept) == PURPOSES["fraud"]
    assert purpose_of("fraud", "") == "fraud"
    assert purpose_words("Forgotten at the till") is None


@pytest.mark.parametrize(
    ("code", "case"),
    [("curiosity", ""), ("fraud", "13800138000"), ("fraud", "a@b.example"), ("fraud", "Anna")],
)
def test_a_purpose_that_cannot_be_told_is_refused(code: str, case: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        purpose_of(code, case)
    assert "13800138000" not in refused.value.detail


@pytest.mark.parametrize(
    ("actor", "who"),
    [
        ("member:7", "You"), ("staff:12", "Staff"), ("client:4/member:7", "An application"),
        ("client:4/staff:1", "An application"), ("key:3", "A system of the company"),
        ("cli:root", "The operator of this system"), ("system", "The system by itself"),
        ("applicant", "Somebody"),
    ],
)  # fmt: skip
def test_who_used_it_is_told_by_what_they_are(actor: str, who: str) -> None:
    assert actor_words(actor)["en"] == who


def test_every_deed_has_words() -> None:
    assert action_words("profile.unmasked") == ACTIONS["profile.unmasked"]
    assert action_words("passkey.named") == NOUNS["passkey"]
    assert action_words("rocket.launched")["en"]
    every = [*ACTIONS.values(), *NOUNS.values(), *PURPOSES.values(), *ACTORS.values()]
    assert all(set(words) == {"en", "zh-CN"} and all(words.values()) for words in every)
    assert {kind.value for kind in Kind} == set(ACTORS)

"""What is asked of whoever enrols, and what is told to whoever has."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain import enrolments as forms
from regulars.domain import organizations
from regulars.domain.consents import GUARDED_UNTIL, Channel, needs_guardian
from regulars.domain.devices import device_words
from regulars.domain.enrolments import AboutMe, Applicant, ConsentGiven, EnrolmentPolicy
from regulars.domain.errors import InternalFault, InvalidInput
from regulars.domain.programs.document import read
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.programs.welcome import welcome
from regulars.domain.sign_in import Purpose, address_asked, code_letter, welcome_letter
from regulars.domain.sign_in_refusals import ConsentNeeded, GuardianNeeded

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
PHONE = "+8613800138000"
APPLICANT = Applicant(proven_at=NOW, phone=PHONE)
TERMS = ConsentGiven("terms", True, "2026-03")
POLICY = EnrolmentPolicy()
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def test_an_applicant_is_read_as_it_was_written_and_shows_nothing() -> None:
    profile = forms.about(APPLICANT, AboutMe(name="王梅", birthday=date(1990, 5, 17)), "en", TODAY)
    said = forms.consents_of([TERMS], POLICY, at=NOW, by_guardian=False)
    whole = Applicant(proven_at=NOW, phone=PHONE, profile=profile, consents=said)

    assert forms.read(forms.write(whole)) == whole
    assert repr(whole) == "Applicant"
    kept = forms.kept(whole)
    assert (kept.phone, kept.phone_proven_at, kept.email_proven_at) == (PHONE, NOW, None)


@given(st.booleans(), st.booleans(), st.sampled_from(list(Channel)))
def test_only_a_yes_to_the_terms_counts_as_one(granted: bool, more: bool, channel: Channel) -> None:
    given_ = [ConsentGiven("terms", granted, "1")]
    given_ += [ConsentGiven("marketing", True, "1", channel)] * more
    if not granted:
        with pytest.raises(ConsentNeeded):
            forms.consents_of(given_, POLICY, at=NOW, by_guardian=False)
        return
    said = forms.consents_of(given_, POLICY, at=NOW, by_guardian=False)
    assert [one.purpose for one in said] == [one.purpose for one in given_]


@given(st.dates(date(1990, 1, 1), TODAY), st.booleans())
def test_a_guardian_is_wanted_of_children_and_of_nobody_else(
    birthday: date, is_there: bool
) -> None:
    is_child = needs_guardian(birthday, TODAY)
    if is_child and not is_there:
        with pytest.raises(GuardianNeeded):
            forms.demand_guardian(birthday, TODAY, POLICY, is_there=is_there)
        return
    speaks = forms.demand_guardian(birthday, TODAY, POLICY, is_there=is_there)
    assert speaks == is_child
    assert is_child == (birthday > date(TODAY.year - GUARDED_UNTIL, TODAY.month, TODAY.day))


@given(st.integers(10**10, 10**12))
def test_neighbours_are_ten_on_either_side(number: int) -> None:
    found = forms.neighbours(f"+{number}")
    assert len(set(found)) == 20
    assert all(0 < abs(int(one) - number) <= 10 for one in found)


def test_an_organization_may_ask_for_more_and_judge_otherwise() -> None:
    settings = {"approvals": {}, "enrolment": {
        "risk": {"hold_from": 20, "refuse_from": 101}, "guarded_until": 16, "purposes": ["club"],
    }}  # fmt: skip
    policy = organizations.read(json.dumps(settings)).enrolment
    assert (policy.risk.hold_from, policy.guarded_until) == (20, 16)
    assert next(iter(forms.asked(policy))) == "terms"
    assert "club" in forms.asked(policy)
    assert organizations.read("{}").enrolment == POLICY


@pytest.mark.parametrize(
    "enrolment",
    [{"risk": {"hold_from": 0}}, {"risk": {"hold_from": 50, "refuse_from": 40}},
     {"guarded_until": 99}, {"risk": {"hold": 1}}, []],
)  # fmt: skip
def test_settings_that_make_no_sense_are_a_fault_of_ours(enrolment: object) -> None:
    with pytest.raises(InternalFault):
        organizations.read(json.dumps({"enrolment": enrolment}))


@pytest.mark.parametrize("given_", [(None, None), ("1", "2")])
def test_a_code_goes_to_one_address(given_: tuple[str | None, str | None]) -> None:
    with pytest.raises(InvalidInput):
        address_asked(*given_)
    assert address_asked("1", None) == ("phone", "1")
    assert address_asked(None, "2") == ("email", "2")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_letter_says_whose_it_is_and_its_code_once(purpose: Purpose, language: str) -> None:
    subject, text = code_letter(purpose, "482913", "Corner {Shop}", language)
    assert "Corner {Shop}" in subject
    assert "Corner {Shop}" in text
    assert text.count("482913") == 1
    assert "482913" not in subject
    assert "Corner" in welcome_letter("Corner", language)[1]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_program_tells_a_newcomer_what_it_gives(path: Path, language: str) -> None:
    program = read(path.read_text())
    told = welcome(program, NOW, language)
    assert told.promises
    assert all(one.words and one.name for one in told.promises)
    tiers = program.ladder.tiers if program.ladder else ()
    assert told.tier == (tiers[0].code if tiers else "")
    assert bool(told.next_tier) == (len(tiers) > 1)
    offered = {rule.id: rule for rule in program.rules}
    for promise in told.promises:
        rule = offered[promise.rule]
        assert not rule.tiers or told.tier in rule.tiers


def test_a_device_is_told_in_a_few_words_and_its_header_not_at_all() -> None:
    assert device_words("Mozilla/5.0 (iPhone) MicroMessenger/8.0 Safari/604") == "WeChat on iPhone"
    assert device_words("curl/8.0 <script>") == "Unknown"
    assert device_words("x" * 10**6 + "Firefox/1") == "Unknown"

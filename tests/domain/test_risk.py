"""Risk: a real person is admitted, a farm is not, and each verdict says why."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.contacts import NEAR, MailFacts, PhoneFacts, mail_facts, phone_facts
from regulars.domain.errors import InvalidInput
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.risk import (
    HIGHEST,
    REFUSE_NONE,
    WEIGHTS,
    RiskPolicy,
    Signals,
    Verdict,
    check_policy,
    judge,
    risk_words,
)

counts = st.integers(0, 200)
mails = st.builds(
    MailFacts, disposable=st.booleans(), free=st.booleans(), tagged=st.booleans(), digits=counts,
    consonants=counts,
)  # fmt: skip
phones = st.builds(PhoneFacts, repeat=counts, run=counts, neighbours=counts)
signals = st.builds(
    Signals, mail=mails, phone=phones, device_hour=counts, device_day=counts, ip_hour=counts,
    ip_day=counts, referrer_hour=counts, referrer_day=counts,
    seconds_to_confirm=st.none() | counts, consented=st.booleans(),
    referrer_days=st.none() | counts, same_device_as_referrer=st.booleans(),
    same_ip_as_referrer=st.booleans(),
)  # fmt: skip
policies = st.integers(1, REFUSE_NONE).flatmap(
    lambda hold: st.integers(hold, REFUSE_NONE).map(
        lambda refuse: RiskPolicy(hold_from=hold, refuse_from=refuse)
    )
)
RANK = {Verdict.ADMIT: 0, Verdict.HOLD: 1, Verdict.REFUSE: 2}
BETTER_WHEN_MORE = {"seconds_to_confirm", "referrer_days", "consented"}


def worse(name: str, value: object, by: int) -> object:
    """The same signal, worse by so much."""
    if isinstance(value, bool):
        return name != "consented"
    if isinstance(value, int):
        return value - min(by, value) if name in BETTER_WHEN_MORE else value + by
    return value


@given(signals, policies, counts, st.data())
def test_more_of_a_bad_signal_never_looks_better(
    before: Signals, policy: RiskPolicy, by: int, data: st.DataObject
) -> None:
    where = data.draw(st.sampled_from(["mail", "phone", ""]))
    part = getattr(before, where) if where else before
    name = data.draw(st.sampled_from([one.name for one in fields(part)]))
    changed = replace(part, **{name: worse(name, getattr(part, name), by)})
    after = replace(before, **{where: changed}) if where else changed
    one, two = judge(before, policy), judge(after, policy)
    assert two.score >= one.score
    assert RANK[two.verdict] >= RANK[one.verdict]


@given(signals, policies)
def test_the_score_is_the_sum_of_its_reasons_and_the_verdict_follows_from_it(
    found: Signals, policy: RiskPolicy
) -> None:
    check_policy(policy)
    risk = judge(found, policy)
    assert risk.score == min(HIGHEST, sum(reason.points for reason in risk.reasons))
    assert [reason.points for reason in risk.reasons] == sorted(
        (reason.points for reason in risk.reasons), reverse=True
    )
    assert (risk.verdict is Verdict.REFUSE) == (risk.score >= policy.refuse_from)
    assert (risk.verdict is Verdict.ADMIT) == (risk.score < policy.hold_from)


@given(signals)
def test_every_reason_has_words_in_every_language(found: Signals) -> None:
    for reason in judge(found).reasons:
        texts = {risk_words(reason, language) for language in LANGUAGES}
        assert len(texts) == len(LANGUAGES)
        for text in texts:
            assert "{" not in text
            assert "{n}" not in WEIGHTS[reason.code].words["en"] or str(reason.measured) in text


def test_nothing_odd_scores_nothing() -> None:
    risk = judge(Signals())
    assert (risk.score, risk.reasons, risk.verdict) == (0, (), Verdict.ADMIT)


@pytest.mark.parametrize(
    "person",
    [
        Signals(mail=mail_facts("123456789@qq.com"), phone=phone_facts("+8613812345098")),
        Signals(mail=mail_facts("anna1990@gmail.com"), seconds_to_confirm=9, ip_hour=12),
        Signals(mail=mail_facts("a.schmidt@firma.de"), referrer_days=400, same_ip_as_referrer=True),
        Signals(phone=phone_facts("+8613888888888"), device_hour=1, seconds_to_confirm=6),
    ],
)
def test_ordinary_people_are_admitted(person: Signals) -> None:
    assert judge(person).verdict is Verdict.ADMIT


@pytest.mark.parametrize(
    "farm",
    [
        Signals(mail=mail_facts("anna@mailinator.com")),
        Signals(device_hour=6),
        Signals(phone=phone_facts("+8613812345098", ["+8613812345097", "+8613812345099"])),
        Signals(same_device_as_referrer=True, referrer_days=0),
        Signals(consented=False),
        Signals(ip_hour=30, seconds_to_confirm=1),
    ],
)
def test_a_farm_is_held(farm: Signals) -> None:
    assert judge(farm).verdict is Verdict.HOLD


def test_many_signs_together_are_refused_unless_the_organization_refuses_none() -> None:
    farm = Signals(mail=mail_facts("anna@mailinator.com"), device_hour=9, seconds_to_confirm=0)
    assert judge(farm).verdict is Verdict.REFUSE
    lenient = RiskPolicy(hold_from=40, refuse_from=REFUSE_NONE)
    assert judge(farm, lenient).verdict is Verdict.HOLD


@pytest.mark.parametrize(("hold", "refuse"), [(0, 50), (50, 49), (10, 102), (102, 102)])
def test_thresholds_that_make_no_sense_are_refused(hold: int, refuse: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_policy(RiskPolicy(hold_from=hold, refuse_from=refuse))
    assert refused.value.faults


def test_a_throw_away_domain_is_known_with_its_subdomains() -> None:
    assert mail_facts("a@mailinator.com").disposable
    assert mail_facts("a@shop.mailinator.com").disposable
    assert not mail_facts("a@notmailinator.example.com").disposable
    assert not mail_facts("a@com").disposable


@pytest.mark.parametrize(
    ("email", "facts"),
    [
        ("anna@gmail.com", MailFacts(free=True, consonants=2)),
        ("anna+7@gmail.com", MailFacts(free=True, tagged=True, consonants=2)),
        ("13800138000@139.com", MailFacts(free=True)),
        ("xkqzv88213@firma.de", MailFacts(digits=5, consonants=5)),
    ],
)
def test_what_an_address_shows(email: str, facts: MailFacts) -> None:
    assert mail_facts(email) == facts


@pytest.mark.parametrize(
    ("phone", "repeat", "run"),
    [("+8613811111702", 5, 1), ("+8613701234567", 1, 8), ("+8613798765402", 1, 6)],
)
def test_what_a_number_shows(phone: str, repeat: int, run: int) -> None:
    assert phone_facts(phone) == PhoneFacts(repeat=repeat, run=run)


@given(st.integers(13_000_000_000, 18_999_999_999), st.lists(st.integers(-30, 30), max_size=30))
def test_neighbours_are_other_numbers_close_by(number: int, steps: list[int]) -> None:
    recent = [f"+86{number + step}" for step in steps]
    facts = phone_facts(f"+86{number}", recent)
    assert facts.neighbours == sum(1 <= abs(step) <= NEAR for step in steps)

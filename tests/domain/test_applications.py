"""What an application may be, where it may send people, what it may do."""

from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from regulars.domain.access import Access, Kind, Role, Scope, scopes_of
from regulars.domain.applications import (
    LOOPBACK,
    MAX_REDIRECT,
    MAY_HAVE,
    OF_A_MEMBER,
    grantable,
    origin_of,
    redirect_fault,
)
from regulars.domain.programs.phrases import LANGUAGES
from regulars.domain.scope_words import WORDS, words

SCOPES = st.frozensets(st.sampled_from(list(Scope)))
PIECES = st.sampled_from(
    ["https://", "http://", "HTTPS://", "//", "a.example", "127.0.0.1", "localhost", "[::1]", "@",
     ":", "8000", "/", "\\", "#", "?", "a=b", "&", " ", "\n", ";", "'", '"', "<", "*", ",", "..",
     "%2f", "%", "ä", "javascript:", "evil.example"]
)  # fmt: skip
ADDRESSES = st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=50)


@given(ADDRESSES)
@example("https://[::1]*")
@example("https://[::1]:")
def test_an_address_that_is_taken_leads_where_it_seems_to(uri: str) -> None:
    if redirect_fault(uri):
        return
    parts = urlsplit(uri)
    assert len(uri) <= MAX_REDIRECT
    assert uri.isascii()
    assert uri.isprintable()
    assert not set(uri) & set(" \"'<>\\#\n")
    assert parts.scheme == "https" or parts.hostname in LOOPBACK
    assert parts.username is None
    assert parts.password is None
    # It is put into a policy, where these would begin something else.
    assert not set(origin_of(uri)) & set(" ;,*'\"")


@given(ADDRESSES, st.sampled_from(["#", "#x", " ", "\r\nx", '"', "\\"]))
def test_no_address_is_taken_with_more_behind_it(uri: str, more: str) -> None:
    assert redirect_fault(uri + more)


@given(SCOPES, SCOPES)
def test_a_person_grants_no_more_than_is_asked_and_theirs(
    asked: frozenset[Scope], theirs: frozenset[Scope]
) -> None:
    staff = Access(1, Kind.STAFF, 1, "x", theirs)
    member = Access(1, Kind.MEMBER, 1, "x", OF_A_MEMBER, member_id=1)

    assert grantable(member, asked) == asked & OF_A_MEMBER
    given_ = grantable(staff, asked)
    assert given_ <= asked - OF_A_MEMBER
    assert all(staff.may(scope) for scope in given_)


def test_no_role_can_grant_what_is_for_people_to_a_registered_application() -> None:
    for role in Role:
        person = Access(1, Kind.STAFF, 1, "x", scopes_of([role]) | {Scope.STAFF_SELF})
        given_ = grantable(person, MAY_HAVE)
        assert not given_ & {Scope.ADMIN, Scope.STAFF_MANAGE, Scope.STAFF_SELF, Scope.SELF_READ}


def test_everything_that_can_be_asked_for_has_words_in_every_language() -> None:
    assert WORDS.keys() == MAY_HAVE
    for language in LANGUAGES:
        told = words(MAY_HAVE, language)
        assert len(set(told)) == len(MAY_HAVE)
        assert all(told)

"""The page on managing staff tells the roles as they are."""

from tests.docs.pages import DOCS, table_rows

from regulars.domain.access import ROLES
from regulars.domain.approvals import DEFAULT_ADJUSTMENT_LIMIT, LIFETIME
from regulars.domain.passwords import LEAST_LENGTH
from regulars.domain.second_factors import RECOVERY_CODES
from regulars.domain.staffing import INVITATION_LIFETIME, SESSION_IDLE, SESSION_LIFETIME, STRONG_FOR

PAGE = DOCS / "how-to" / "manage-staff.md"


def test_every_role_is_on_the_page_with_what_it_may() -> None:
    told = {row[0].strip("`"): set(row[1].replace("`", "").split(", ")) for row in
            table_rows(PAGE, under="Roles")}  # fmt: skip

    assert told == {role.value: {scope.value for scope in ROLES[role]} for role in ROLES}


def test_the_page_tells_the_limits_of_the_code() -> None:
    text = " ".join(PAGE.read_text().split())
    assert (INVITATION_LIFETIME.days, LIFETIME.days, RECOVERY_CODES) == (7, 7, 10)
    assert (SESSION_LIFETIME.total_seconds(), STRONG_FOR.total_seconds()) == (12 * 3600, 3600)
    for words in (
        f"at least {LEAST_LENGTH} characters",
        f"{SESSION_IDLE.total_seconds() / 60:.0f} minutes without use",
        f"above {DEFAULT_ADJUSTMENT_LIMIT:,} points",
    ):
        assert words in text

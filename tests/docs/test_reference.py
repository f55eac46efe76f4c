"""The reference on settings, currencies, tables and words says what the code says."""

import re
from dataclasses import fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.docs.pages import DOCS, ROOT, headings, table_rows

from regulars import settings
from regulars.domain.expiry import expires_at
from regulars.domain.ledger import Account
from regulars.domain.periods import Duration, Unit
from regulars.domain.programs.model import Currency, CurrencyKind, Expiry, ExpiryKind
from regulars.domain.reasons import REASONS
from regulars.runtime import DEFAULT_ORGANIZATION
from regulars.settings import Settings
from regulars.storage.database import Database

REFERENCE = DOCS / "reference"
SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = Duration(months=12)
POLICIES = {
    "`never`": Expiry(ExpiryKind.NEVER),
    "`{after: P12M}`": Expiry(ExpiryKind.AFTER, YEAR),
    "`{end_of: month}`": Expiry(ExpiryKind.END_OF, unit=Unit.MONTH),
    "`{end_of: year}`": Expiry(ExpiryKind.END_OF, unit=Unit.YEAR),
    "`{end_of: year, after: P12M}`": Expiry(ExpiryKind.END_OF, YEAR, Unit.YEAR),
}

COLUMNS = """
select table_name, column_name from information_schema.columns
where table_schema = current_schema order by table_name, ordinal_position
"""


def test_every_setting_is_on_the_page_with_its_default() -> None:
    rows = table_rows(REFERENCE / "settings.md", under="Settings")
    source = (ROOT / "src" / "regulars" / "settings.py").read_text()
    names = set(re.findall(r'"(REGULARS_[A-Z_]+)"', source))
    assert sorted(row[0].strip("`") for row in rows) == sorted(names)
    assert len(rows) == len(fields(Settings))
    assert [row[1].strip("`") for row in rows] == [
        settings.DEFAULT_DATA,
        "",
        settings.DEFAULT_ORGANIZATION,
        settings.DEFAULT_HOST,
        str(settings.DEFAULT_PORT),
        str(settings.DEFAULT_POOL_SIZE),
        str(settings.DEFAULT_STATEMENT_TIMEOUT_S),
        str(settings.DEFAULT_IMPORT_MEGABYTES),
        "",
        "http://{host}:{port}",
        *("", "", ""),
        *("", "", ""),
        settings.CONSOLE,
        settings.DEFAULT_MAIL_FROM,
        "",
        settings.CONSOLE,
        "",
        settings.DEFAULT_KEYS,
        *("", "", ""),
    ]


@pytest.mark.parametrize("policy", POLICIES)
def test_points_lapse_when_the_page_says(policy: str) -> None:
    rows = {row[0]: row[2] for row in table_rows(REFERENCE / "currencies.md", under="Expiry")}
    currency = Currency("points", CurrencyKind.SPENDABLE, {"en": ""}, expiry=POLICIES[policy])
    earned = datetime(2026, 3, 10, 15, tzinfo=SHANGHAI).astimezone(UTC)
    gone = expires_at(currency, earned, SHANGHAI)
    said = "never" if gone is None else f"{gone.astimezone(SHANGHAI):%-d %B %Y, %H:%M}"
    assert rows[policy] == said


def test_the_data_model_lists_every_table_and_column(db: Database) -> None:
    page = REFERENCE / "data-model.md"
    there: dict[str, list[str]] = {}
    with db.transaction(DEFAULT_ORGANIZATION) as tx:
        for table, column in tx.execute(COLUMNS):
            there.setdefault(table, []).append(column)
    described = {
        table: [row[0].strip("`") for row in table_rows(page, under=table)]
        for depth, table in headings(page)
        if depth == 2
    }
    assert described == there


def test_the_page_on_investigating_knows_every_reason() -> None:
    page = DOCS / "how-to" / "investigate.md"
    rows = table_rows(page, under="Ask why")
    assert [row[0].strip("`") for row in rows] == [code for code in REASONS if code]


def test_the_pages_on_the_ledger_know_every_account() -> None:
    text = (DOCS / "explanation" / "ledger.md").read_text()
    for account in Account:
        assert f"`{account}`" in text


def test_every_file_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    named = re.findall(r"`((?:[a-z]+/)+[a-z_]+\.py)`", text)
    assert len(named) > 20
    package = ROOT / "src" / "regulars"
    assert [name for name in named if not any((at / name).exists() for at in (package, ROOT))] == []


def test_every_word_of_the_glossary_has_its_chinese() -> None:
    rows = table_rows(DOCS / "glossary.md", under="Glossary")
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=str.lower)
    assert all(re.search("[\u4e00-\u9fff]", row[1]) and row[2] for row in rows)

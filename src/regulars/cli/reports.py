"""`regulars verify` and `regulars liability`: whether the books are right, and what they say."""

from typing import Annotated

import typer
from rich.markup import escape

from regulars.cli.progress import Bar
from regulars.cli.session import (
    AsJson,
    by_operator,
    cell_text,
    instant,
    opened,
    out,
    print_json,
    print_table,
)
from regulars.domain.amounts import Money
from regulars.domain.programs.document import read
from regulars.domain.programs.quantities import money_words
from regulars.runtime import Runtime
from regulars.services import liability as liabilities
from regulars.services import programs
from regulars.services.finance import jobs
from regulars.services.liability import Statement
from regulars.services.verification.verifying import Report
from regulars.services.verification.verifying import verify as prove

FOUND = 1


def verify(
    no_replay: Annotated[
        bool, typer.Option("--no-replay", help="Ask the database only; replay no events.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prove that the ledger is what its events make it. Exit code 1 when something is wrong.

    A running system goes on; the result is kept for the console.
    """
    with opened() as run:
        began = run.clock()
        report = proved(run, replay=not no_replay)
        result = jobs.verified(
            run.db, run.organization, report.proofs, report.sums, replayed=report.replayed
        )
        jobs.keep(
            run.db, run.organization, result,
            replay=not no_replay, by=by_operator(run), began=began, ended=run.clock(),
        )  # fmt: skip
    if as_json:
        print_json(
            {
                "clean": report.is_clean,
                "replayed": report.replayed,
                "proofs": report.proofs,
                "sums": report.sums,
            }
        )
    else:
        print_report(report)
    if not report.is_clean:
        raise typer.Exit(FOUND)


def proved(run: Runtime, *, replay: bool = True) -> Report:
    """The report, with a bar while it is made."""
    with Bar("Verifying", 1.0) as bar:
        return prove(
            run.db,
            run.organization,
            replay=replay,
            told=lambda done, of: bar.reach(done / max(of, 1), said=f"{done:,} events"),
        )


def print_report(report: Report) -> None:
    """Each claim, and what breaks it."""
    for proof in report.proofs:
        mark = "[red]BROKEN[/]" if proof.offenders else "[green]holds[/]"
        out.print(f"{mark}  {escape(proof.claim)}")
        for offender in proof.offenders:
            out.print(f"        {escape(offender)}")
    print_table("Sums over all members", ["currency", "account", "points"], report.sums)
    events = f" {report.replayed:,} events were replayed." if report.replayed else ""
    out.print(f"The books are {'clean' if report.is_clean else 'NOT clean'}.{events}")


def liability(
    as_of: Annotated[
        str, typer.Option("--as-of", help="now, an instant, or a date in the program's zone.")
    ] = "now",
    as_json: AsJson = False,
) -> None:
    """State the points that members may still redeem, and what they are worth."""
    with opened() as run:
        statement = stated(run, as_of)
    if as_json:
        print_json(statement)
    else:
        print_statement(statement)


def stated(run: Runtime, as_of: str) -> Statement:
    """The statement; local dates are the newest version's. Raises InvalidInput."""
    known = programs.versions(run.db, run.organization)
    now = run.clock()
    zone = read(known[-1].document).zone if known else None
    at = now if zone is None else instant(as_of, zone, now)
    return liabilities.statement(run.db, run.organization, at)


def print_statement(statement: Statement) -> None:
    """Totals, then the rows that they are the sums of."""
    print_table(
        f"Liability as of {cell_text(statement.as_of)}",
        ["currency", "outstanding", "expected to lapse", "expected to be redeemed", "worth"],
        [
            (one.currency, one.outstanding, one.breakage, one.expected, _worth(one.value))
            for one in statement.totals
        ],
    )
    print_table(
        "By tier, state and month of expiry",
        ["currency", "tier", "state", "lapses in", "points", "members"],
        [
            (
                row.currency,
                row.tier,
                row.kind,
                row.month.strftime("%Y-%m") if row.month else "",
                row.points,
                row.members,
            )
            for row in statement.rows
        ],
    )


def _worth(value: Money | None) -> str:
    return "" if value is None else money_words(value.minor, value.currency)

"""Verifications and exports of one organization, one after the other, in a process of its own."""

import argparse
import logging
from logging.config import dictConfig

import msgspec

from regulars.domain.audit import By
from regulars.domain.finance.jobs import (
    ExportOrder,
    ExportResult,
    Kind,
    VerificationOrder,
)
from regulars.gateways import log_lines
from regulars.gateways.files.writing import pieces
from regulars.gateways.log_lines import log_failure
from regulars.runtime import Runtime, start
from regulars.services import exports
from regulars.services.coupons import batches
from regulars.services.finance import jobs, liability
from regulars.services.finance.jobs import Work
from regulars.services.verification import verifying
from regulars.worker import parenthood

LOG = logging.getLogger("regulars.jobs")
MODULE = "regulars.worker.jobs"


def run_all(runtime: Runtime, organization: int) -> int:
    """Run what waits until nothing does; how many runs that were."""
    count = 0
    while (work := jobs.take(runtime.db, organization, runtime.clock)) is not None:
        count += 1
        try:
            with work.beating():
                _run(runtime, organization, work)
        except Exception as error:
            log_failure(LOG, f"Run {work.job.id} failed.", error)
            work.fail()
    return count


def _run(runtime: Runtime, organization: int, work: Work) -> None:
    if work.job.kind is Kind.VERIFICATION:
        _verify(runtime, organization, work)
    elif work.job.kind is Kind.EXPORT:
        _export(runtime, organization, work)
    elif work.job.kind is Kind.CODES:
        _make_codes(runtime, organization, work)
    else:
        _break(runtime, organization, work)


def _verify(runtime: Runtime, organization: int, work: Work) -> None:
    order = msgspec.json.decode(work.job.request, type=VerificationOrder)
    report = verifying.verify(runtime.db, organization, replay=order.replay, told=work.told)
    work.end(
        jobs.verified(
            runtime.db, organization, report.proofs, report.sums, replayed=report.replayed
        )
    )


def _export(runtime: Runtime, organization: int, work: Work) -> None:
    order = msgspec.json.decode(work.job.request, type=ExportOrder)
    kind = exports.kind_of(order.what)
    work.told(0, exports.count(runtime.db, organization, order.what))
    records = exports.export(
        runtime.db,
        runtime.cabinet,
        organization,
        order.what,
        by=By(organization, work.job.asked_by),
        now=runtime.clock(),
    )
    written = _Counted()
    parts = pieces(order.form, records, kind.columns, lambda done: written.tell(work, done))
    length = work.write(parts)
    work.end(ExportResult(written.records, length))


def _break(runtime: Runtime, organization: int, work: Work) -> None:
    worked = liability.work_out(runtime.db, organization, runtime.clock())
    if worked is None:
        work.fail()
    else:
        work.told(1, 1)
        work.end(worked)


def _make_codes(runtime: Runtime, organization: int, work: Work) -> None:
    order = msgspec.json.decode(work.job.request, type=batches.CodesOrder)
    now = runtime.clock()
    work.end(batches.make(runtime.db, organization, order, told=work.told, now=now))


class _Counted:
    """How many records were written."""

    def __init__(self) -> None:
        self.records = 0

    def tell(self, work: Work, done: int) -> None:
        """So many so far."""
        self.records = done
        work.told(done, max(done, work.total))


def main(arguments: list[str] | None = None) -> None:
    """Run what waits, as a process of its own."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument("organization", type=int)
    parser.add_argument("--parent", type=int, default=0)
    told = parser.parse_args(arguments)
    dictConfig(log_lines.CONFIG)
    if told.parent:
        parenthood.follow(told.parent)
    runtime = start()
    try:
        run_all(runtime, told.organization)
    finally:
        runtime.close()


if __name__ == "__main__":
    main()

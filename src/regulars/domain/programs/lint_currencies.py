"""Looks over currencies and conversions: what is never earned, lapses too soon, or makes gold."""

from datetime import UTC, datetime
from fractions import Fraction

from regulars.domain.periods import Duration, add
from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import (
    Currency,
    CurrencyKind,
    ExpiryKind,
    MetricSource,
    Program,
)
from regulars.domain.programs.quantities import span_words
from regulars.domain.programs.report import Report

_ISO_4217 = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL"
    " GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF"
    " KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN"
    " MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD"
    " SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH"
    " UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
ISO_4217 = frozenset(_ISO_4217.split())
"""The money of the world's countries."""

_ANY_DAY = datetime(2023, 1, 1, 12, tzinfo=UTC)


def lint_currencies(report: Report, program: Program) -> None:
    """Report what is odd about the currencies."""
    if program.money not in ISO_4217:
        hint = " Did you mean CNY?" if program.money == "RMB" else ""
        report.warn("unknown_money", ("money",), f"{program.money} is not in ISO 4217.{hint}")
    earned = {rule.earn.currency for rule in program.rules}
    earned |= {one.target for one in program.conversions}
    metrics = program.ladder.metrics.values() if program.ladder else ()
    counted = {metric.currency for metric in metrics if metric.source is MetricSource.CURRENCY}
    for code, currency in program.currencies.items():
        path: Path = ("currencies", code)
        if code not in earned:
            report.warn(
                "never_earned", path, f"No rule earns {code}. Add one, or remove the currency."
            )
        if currency.kind is CurrencyKind.STATUS and code not in counted:
            report.warn(
                "status_not_counted",
                path,
                f"No tier metric counts {code}, so it has no effect. Add a metric with"
                f" currency: {code}.",
            )
        if currency.kind is CurrencyKind.SPENDABLE and currency.cash_value is None:
            report.warn(
                "no_cash_value",
                path,
                f"{code} has no cash_value: what is owed to members cannot be told in money.",
            )
        _lint_expiry(report, path, currency, program)
    _lint_conversions(report, program)


def _lint_expiry(report: Report, path: Path, currency: Currency, program: Program) -> None:
    expiry, pending = currency.expiry, currency.pending
    if pending is None or expiry.kind is ExpiryKind.NEVER:
        return
    if _end(pending, program) >= _end(expiry.span, program):
        shortest = span_words(expiry.span) or f"up to the end of the {expiry.unit}"
        report.warn(
            "expiry_before_pending",
            (*path, "expiry"),
            f"Points are pending for {span_words(pending)} and may lapse after {shortest}: some"
            " lapse before they can be spent. Make the expiry longer.",
        )


def _end(span: Duration, program: Program) -> datetime:
    return add(_ANY_DAY, span, program.zone)


def _lint_conversions(report: Report, program: Program) -> None:
    for place, one in enumerate(program.conversions):
        source = program.currencies[one.source].cash_value
        target = program.currencies[one.target].cash_value
        if source is None or target is None:
            continue
        given = Fraction(source.num, source.den) * one.take
        received = Fraction(target.num, target.den) * one.give
        if received > given:
            report.warn(
                "conversion_gains",
                ("conversions", place),
                f"What is received is worth {_times(received / given)} times what is given up."
                " Lower give or raise take.",
            )
    found = _gaining_circle(program)
    if found is not None:
        code, gain = found
        report.warn(
            "conversion_circle",
            ("conversions",),
            f"Converting {code} and back again makes {_times(gain)} times as many. Lower one of"
            " the rates.",
        )


def _times(ratio: Fraction) -> str:
    whole, hundredths = divmod(ratio.numerator * 100 // ratio.denominator, 100)
    return f"{whole:,}.{hundredths:02d}".rstrip("0").rstrip(".")


def _gaining_circle(program: Program) -> tuple[str, Fraction] | None:
    """A currency, and how many one of it becomes on a way back to itself, if that is more than one.

    The best way between each two currencies, through ever more of them. It stops at the first
    gain, without which no way is better for passing a currency twice.
    """
    best: dict[tuple[str, str], Fraction] = {}
    for one in program.conversions:
        pair = (one.source, one.target)
        best[pair] = max(best.get(pair, Fraction(0)), Fraction(one.give, one.take))
    codes = list(program.currencies)
    for middle in codes:
        into = [(start, best[start, middle]) for start in codes if (start, middle) in best]
        out = [(end, best[middle, end]) for end in codes if (middle, end) in best]
        for start, first in into:
            for end, second in out:
                gain = first * second
                if start == end and gain > 1:
                    return start, gain
                best[start, end] = max(best.get((start, end), Fraction(0)), gain)
    return None

"""Looks over the ladder: tiers that nobody reaches, or that are easier than the one below."""

from regulars.domain.programs.findings import Path
from regulars.domain.programs.model import Ladder, MetricSource, Need, Program, Tier
from regulars.domain.programs.report import Report


def lint_tiers(report: Report, program: Program) -> None:
    """Report what is odd about the tiers."""
    ladder = program.ladder
    if ladder is None:
        return
    raw = report.source.value["tiers"]
    out_of_reach = unreachable_tiers(program)
    for rung, tier in enumerate(ladder.tiers):
        path: Path = ("tiers", "ladder", rung)
        if tier.code in out_of_reach:
            report.warn(
                "unreachable_tier",
                (*path, "entry"),
                f"Nobody reaches {tier.code}: no rule earns what its entry counts.",
            )
        if rung > 1:
            _lint_order(report, path, ladder.tiers[rung - 1], tier)
        _lint_keep(report, path, tier)
        if "keep" in raw["ladder"][rung] and ladder.valid is None:
            report.warn(
                "keep_never_asked",
                (*path, "keep"),
                "Tiers are held for ever, so keep is never looked at. Add valid, or remove keep.",
            )
    if ladder.grace is not None and ladder.valid is None:
        report.warn(
            "keep_never_asked",
            ("tiers", "grace"),
            "Tiers are held for ever, so there is no grace. Add valid, or remove grace.",
        )
    _lint_metrics(report, program, ladder)


def unreachable_tiers(program: Program) -> frozenset[str]:
    """Tiers of which every way in counts points that no rule gives."""
    if program.ladder is None:
        return frozenset()
    earned = {rule.earn.currency for rule in program.rules}
    starved = {
        code
        for code, metric in program.ladder.metrics.items()
        if metric.source is MetricSource.CURRENCY and metric.currency not in earned
    }
    return frozenset(
        tier.code
        for tier in program.ladder.tiers[1:]
        if all(starved & need.keys() for need in tier.entry)
    )


def _lint_order(report: Report, path: Path, lower: Tier, higher: Tier) -> None:
    for need in higher.entry:
        for below in lower.entry:
            if need.keys() <= below.keys() and _is_within(need, below):
                report.warn(
                    "entry_below",
                    (*path, "entry"),
                    f"Who reaches {lower.code} reaches {higher.code} too, so nobody stays in"
                    f" {lower.code}. Raise the entry of {higher.code}.",
                )
                return


def _lint_keep(report: Report, path: Path, tier: Tier) -> None:
    for keep in tier.keep:
        for entry in tier.entry:
            if keep.keys() == entry.keys() and keep != entry and _is_within(entry, keep):
                report.warn(
                    "keep_above_entry",
                    (*path, "keep"),
                    f"{tier.code} is harder to keep than to reach. Lower keep below entry.",
                )
                return


def _is_within(need: Need, other: Need) -> bool:
    """Whether who reaches `other` reaches `need`, as far as their common metrics tell."""
    return all(least <= other[code] for code, least in need.items())


def _lint_metrics(report: Report, program: Program, ladder: Ladder) -> None:
    used = {code for tier in ladder.tiers for need in (*tier.entry, *tier.keep) for code in need}
    shares = [rule.share for rule in program.rules] + [one.share for one in program.benefits]
    used |= {share.metric for share in shares if share is not None}
    for code in ladder.metrics:
        if code not in used:
            report.warn(
                "unused_metric",
                ("tiers", "metrics", code),
                f"No tier looks at {code}. Use it or remove it: it is counted for every event.",
            )

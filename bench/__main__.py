"""`python -m bench`: measure everything, print it beside its limits, keep it in bench/out."""

import argparse
import gc
import os
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from bench import (
    codes,
    deciding,
    faces,
    finding,
    growing,
    guarding,
    http,
    importing,
    member_pages,
    ordering,
    rush,
    solving,
)
from bench.yard import Figure, Yard, write
from regulars.domain import earning

LESS_IS_BETTER = frozenset({"http_single_p99_ms", "decide_us", "growth_members", "growth_events",
                            "read_member_ms", "import_rss_mb", "find_by_phone_ms",
                            "find_by_phone_p99_ms", "page_ms", "simulate_year_s",
                            "member_home_ms", "member_first_ms", "member_script_kb",
                            "order_open_p50_ms", "order_open_p99_ms",
                            "solve_us", "solve_many_ms", "solve_gap_bp",
                            "codes_million_s",
                            "rush_slowest_ms"})  # fmt: skip
WANTED = {
    "import": 0.5,
    "http_single": 0.6,
    "http_batch": 0.5,
    "guarded_single": 0.85,
    "order_confirm": 0.2,
    "simulate": 1.0,
}


def main() -> None:
    """Run the chosen benchmarks; all of them when none is named."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("only", nargs="*", help="such as http, or several")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="grow to 20 million stored events")
    chosen = parser.parse_args()
    _collect_as_in_production()
    yard = Yard()
    parts: dict[str, Callable[[], list[Figure]]] = {
        "deciding": lambda: deciding.measure(chosen.repeats + 2),
        "orders": lambda: ordering.measure(yard, chosen.repeats),
        "solver": lambda: solving.measure(chosen.repeats),
        "importing": lambda: importing.measure(yard, chosen.repeats),
        "http": lambda: http.measure(yard, chosen.repeats),
        "guarding": lambda: guarding.measure(yard, chosen.repeats + 2),
        "finding": lambda: finding.measure(yard),
        "codes": lambda: codes.measure(yard),
        "faces": lambda: faces.measure(yard, chosen.repeats),
        "member_pages": lambda: member_pages.measure(yard, chosen.repeats),
        "rush": lambda: rush.measure(yard, chosen.repeats),
        "growing": lambda: growing.measure(yard, chosen.repeats, full=chosen.full),
    }
    figures: list[Figure] = []
    try:
        for name, part in parts.items():
            if not chosen.only or name in chosen.only:
                figures += part()
    finally:
        yard.close()
    _show(figures)
    Console().print(f"Kept in {write(figures)}.")


def _collect_as_in_production() -> None:
    """The collector's settings of `regulars.runtime`, which the parts measured in this process
    would have there."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _show(figures: list[Figure]) -> None:
    one, five, fifteen = os.getloadavg()
    table = Table("figure", "value", "unit", "limit", "ratio", "wanted", "met", "repeats")
    for figure in figures:
        less = figure.name in LESS_IS_BETTER
        wanted = 1.0 if less else WANTED[figure.name]
        met = figure.ratio <= wanted if less else figure.ratio >= wanted
        table.add_row(
            figure.name, f"{figure.value:,.1f}", figure.unit, f"{figure.limit:,.1f}",
            f"{figure.ratio:.2f}", f"{'≤' if less else '≥'} {wanted}", "yes" if met else "NO",
            str(figure.repeats),
        )  # fmt: skip
    Console().print(table)
    Console().print(
        f"{os.cpu_count()} cores, load {one:.1f} {five:.1f} {fifteen:.1f}; the engine is "
        f"{'Python' if earning.__file__.endswith('.py') else 'machine code'}. Medians; a ratio is "
        "value to limit, measured in turns in this run."
    )


if __name__ == "__main__":
    main()

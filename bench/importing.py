"""`regulars import` of generated events from a file, end to end, and the memory it takes."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench import control
from bench.yard import ROOT, Figure, Yard, middle

EVENTS = 300_000
MEMBERS = 20_000
LIMIT_RSS_MB = 500.0
LOOK_SECONDS = 0.1


def measure(yard: Yard, repeats: int) -> list[Figure]:
    """import against L2 (runs interleaved), import_rss_mb."""
    path = yard.sample(EVENTS, MEMBERS)
    rates: list[float] = []
    limits: list[float] = []
    peaks: list[float] = []
    for turn in range(repeats):
        product = yard.database(f"import{turn}")
        seconds, peak = _import(product, path, yard.folder)
        rates.append(EVENTS / seconds)
        peaks.append(peak)
        limit = yard.database("control", publish=False)
        control.prepare(limit, control.shape_of(product))
        limits.append(control.many_together(limit, 60_000))
        yard.drop("control")
        yard.drop(f"import{turn}")
    ratio = middle([rate / limit for rate, limit in zip(rates, limits, strict=True)])
    return [
        Figure("import", middle(rates), "events/s", middle(limits), ratio, repeats),
        Figure("import_rss_mb", max(peaks), "MB", LIMIT_RSS_MB, max(peaks) / LIMIT_RSS_MB, repeats),
    ]


def _import(conninfo: str, path: Path, folder: Path) -> tuple[float, float]:
    """Seconds from start to end, and the most MB that all its processes had together."""
    environment = os.environ | {"REGULARS_DATABASE_URL": conninfo, "REGULARS_DATA": str(folder)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "regulars.cli", "import", "--json", str(path)],
        env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _memory_mb(process.pid))
        time.sleep(LOOK_SECONDS)
    seconds = time.perf_counter() - began
    # 1 says that some records were refused: generated returns may name what never was.
    assert process.returncode in (0, 1), process.returncode
    return seconds, peak


def _memory_mb(root: int) -> float:
    """The proportional set size of a process and all below it."""
    family, total = [root], 0
    while family:
        pid = family.pop()
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            for task in Path(f"/proc/{pid}/task").iterdir():
                family += map(int, (task / "children").read_text().split())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # It ended while we looked.
        total += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
    return total / 1024

"""`regulars serve` and `regulars worker`: the processes that go on until they are stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import dictConfig
from threading import Event, Thread
from typing import Annotated

import typer

from regulars.api.serving import serve as serve_api
from regulars.cli.session import opened, out
from regulars.gateways import log_lines
from regulars.settings import Settings, from_environment
from regulars.worker import loop, summing

GOODBYE_S = 30.0
WATCH_S = 1.0


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="The port.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="API processes.")] = 1,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Somebody else runs `regulars worker`.")
    ] = False,
) -> None:
    """Serve the API, and look after what falls due, until stopped by Ctrl-C or SIGTERM."""
    if host is not None:
        os.environ["REGULARS_HOST"] = host
    if port is not None:
        os.environ["REGULARS_PORT"] = str(port)
    settings = from_environment(os.environ)
    # Whatever is wrong with the database is said here and once, not by each process.
    with opened():
        pass
    serve_until_stopped(settings, workers=workers, with_worker=not no_worker)


def serve_until_stopped(settings: Settings, *, workers: int = 1, with_worker: bool = True) -> None:
    """The API in the foreground, the worker beside it."""
    scheme = "http" if settings.tls_cert_file is None else "https"
    out.print(f"Listening on {scheme}://{settings.host}:{settings.port} - documentation at /docs")
    if not with_worker:
        serve_api(settings, workers=workers)
        return
    with _worker_beside():
        serve_api(settings, workers=workers)


@contextmanager
def _worker_beside() -> Iterator[None]:
    """A worker in a process of its own, which ends when we do, however we end."""
    command = [sys.executable, "-m", "regulars.cli", "worker", "--parent", str(os.getpid())]
    # In a group of its own, a Ctrl-C reaches only us, and we stop it in good order.
    process = subprocess.Popen(command, process_group=0)  # noqa: S603  # our own words
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(GOODBYE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def worker(
    every: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Seconds between two looks.")
    ] = loop.EVERY_S,
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
    parent: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Look after what falls due by the clock: tiers, lapsed points, timed-out holds.

    Any number of workers may run at the same time.
    """
    dictConfig(log_lines.CONFIG)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if parent:
        Thread(target=_watch, args=(parent, stop), daemon=True).start()
    with opened() as run:
        if once:
            done = loop.once(run, stop)
            summing.once(run, stop)
            out.print(f"{done.reviewed:,} members reviewed, {done.refused:,} refused.")
        else:
            loop.run(run, stop, every_s=every)


def _watch(parent: int, stop: Event) -> None:
    """Stop when the process that started us is gone."""
    while not stop.wait(WATCH_S):
        if os.getppid() != parent:
            stop.set()

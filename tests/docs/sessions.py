"""One shell in which the commands of a page run in order, as its reader would type them."""

import json
import subprocess
from pathlib import Path
from threading import Timer
from typing import Any

from tests.docs.pages import Block

from regulars.settings import DEFAULT_PORT

LONGEST_BLOCK_S = 60.0
MARK = "-- the block is over --"


class Session:
    """A bash in `folder`. Variables and functions stay from block to block.

    The port that pages name becomes the one that the environment says.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._port = environment["REGULARS_PORT"]
        self._shell = subprocess.Popen(
            ["/bin/bash", "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            text=True,
            bufsize=1,
        )

    def run(self, commands: str) -> str:
        """What the commands print; they must end well."""
        assert self._shell.stdin
        assert self._shell.stdout
        commands = commands.replace(f":{DEFAULT_PORT}", f":{self._port}")
        watch = Timer(LONGEST_BLOCK_S, self._shell.kill)
        watch.start()
        self._shell.stdin.write(f"{commands}\n__status=$?; echo; echo '{MARK}' $__status\n")
        self._shell.stdin.flush()
        said: list[str] = []
        for line in self._shell.stdout:
            if line.startswith(MARK):
                watch.cancel()
                status = int(line.removeprefix(MARK))
                answer = "".join(said)
                assert status == 0, f"{commands}\nended with {status}:\n{answer}"
                return answer
            said.append(line)
        raise AssertionError(f"{commands}\nnever ended:\n{''.join(said)}")

    def close(self) -> None:
        """End the shell and wait for it."""
        self._shell.communicate()


def follow(page_blocks: list[Block], session: Session) -> int:
    """Run every `sh` block, and hold what it prints against the `json` and `text` blocks that
    follow it; returns how many were run."""
    said, ran = "", 0
    for block in page_blocks:
        if block.language == "sh":
            said = session.run(block.text)
            ran += 1
        elif block.language == "json" and ran:
            problem = missing(json.loads(block.text), answer_in(said), "$")
            assert not problem, f"line {block.line}: {problem}\n{said}"
        elif block.language == "text" and ran:
            plain = " ".join(said.split())
            for line in block.text.splitlines():
                told = " ".join(line.split())
                assert told in plain, f"line {block.line}: {told!r} is not in\n{said}"
    return ran


def answer_in(said: str) -> Any:
    """The first JSON object or list in what was printed."""
    starts = [place for place in (said.find("{"), said.find("[")) if place >= 0]
    assert starts, f"no JSON in {said!r}"
    return json.JSONDecoder().raw_decode(said, min(starts))[0]


def missing(stated: Any, there: Any, path: str) -> str:
    """What of `stated` is not in `there`, or nothing.

    An object may have more properties than stated, a list more elements between those stated.
    What is stated as empty is empty.
    """
    if type(stated) is not type(there):
        return f"{path} is {there!r}"
    if not isinstance(stated, dict | list) or not stated:
        return "" if stated == there else f"{path} is {there!r}"
    if isinstance(stated, dict):
        return _missing_property(stated, there, path)
    return _missing_element(stated, there, path)


def _missing_property(stated: dict[str, Any], there: dict[str, Any], path: str) -> str:
    for name, value in stated.items():
        if name not in there:
            return f"{path}.{name} is not there"
        problem = missing(value, there[name], f"{path}.{name}")
        if problem:
            return problem
    return ""


def _missing_element(stated: list[Any], there: list[Any], path: str) -> str:
    rest = iter(there)
    for place, value in enumerate(stated):
        if not any(not missing(value, one, path) for one in rest):
            return f"{path} has no {value!r} for place {place}: {there!r}"
    return ""

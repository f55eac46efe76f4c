"""Plays a program's examples and says where what comes out is not as expected."""

from regulars.domain.plans import plan
from regulars.domain.programs.document import read, read_examples
from regulars.domain.trials import play


def differences(text: str) -> list[str]:
    """Every expectation of the document's examples that does not come true."""
    return [
        f"{trial.name}, {outcome.step.id}: {wrong}"
        for trial in play(plan(read(text)), read_examples(text))
        for outcome in trial.outcomes
        for wrong in outcome.differences
    ]

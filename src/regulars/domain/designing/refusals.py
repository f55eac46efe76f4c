"""What is refused to whoever designs a program."""

from regulars.domain.errors import RegularsError


class MarkNeeded(RegularsError):
    """Say which state you change: send the ETag that you read as If-Match."""

    code = "mark_needed"


class DraftNotFound(RegularsError):
    """There is no such draft, or no such revision of it."""

    code = "draft_not_found"


class SimulationNotFound(RegularsError):
    """There is no such simulation."""

    code = "simulation_not_found"


class SimulationsBusy(RegularsError):
    """Enough simulations wait already. Wait for one to end, or cancel one."""

    code = "simulations_busy"

"""What is refused of transfers, verifications and exports."""

from regulars.domain.errors import RegularsError


class TransferNotFound(RegularsError):
    """There is no such transfer."""

    code = "transfer_not_found"


class RunNotFound(RegularsError):
    """There is no such verification or export, or its file is no longer kept."""

    code = "run_not_found"


class RunsBusy(RegularsError):
    """Enough exports are under way. Wait for one to end."""

    code = "runs_busy"


class FileNotReady(RegularsError):
    """The file is not written yet. Look at the export until it is done."""

    code = "file_not_ready"


class NotWorkedOut(RegularsError):
    """This takes a while with so many lots, and has been begun. Ask again in a minute."""

    code = "not_worked_out"

"""The life of an import: which state it may go to from which, and who asks for it."""

from enum import StrEnum

from regulars.domain.errors import ImportStateWrong


class State(StrEnum):
    """Where an import stands. UPLOADED: its mapping is being made. WAITING: for the worker."""

    UPLOADED = "uploaded"
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Wish(StrEnum):
    """What somebody asks of an import."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


AT_WORK = (State.WAITING, State.RUNNING)
ENDED = (State.DONE, State.FAILED, State.CANCELLED)

_TO = {
    Wish.START: State.WAITING,
    Wish.PAUSE: State.PAUSED,
    Wish.RESUME: State.WAITING,
    Wish.CANCEL: State.CANCELLED,
}
_FROM = {
    Wish.START: (State.UPLOADED,),
    Wish.PAUSE: AT_WORK,
    Wish.RESUME: (State.PAUSED,),
    Wish.CANCEL: (State.UPLOADED, *AT_WORK, State.PAUSED),
}


def after(state: State, wish: Wish) -> State:
    """The state after a wish; the same for one that was granted before. Raises ImportStateWrong."""
    wanted = _TO[wish]
    if state is wanted or (wanted is State.WAITING and state is State.RUNNING):
        return state
    if state not in _FROM[wish]:
        raise ImportStateWrong(f"To {wish.value} this import is too late: it is {state.value}.")
    return wanted

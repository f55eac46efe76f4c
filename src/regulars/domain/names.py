"""What records call things, "member:7", and how the same is told outside, "member:mem_3k9…"."""

from regulars.domain.ids import EVENT, MEMBER, decode, encode

_KINDS = {"member": MEMBER, "event": EVENT}


def outside(name: str) -> str:
    """ "member:7", also behind an application, or "event:9", with the id that it has outside."""
    head, _, number = name.rpartition(":")
    kind = _KINDS.get(head.rpartition("/")[2])
    is_one = kind is not None and number.isascii() and number.isdecimal()
    return f"{head}:{encode(kind, int(number))}" if kind is not None and is_one else name


def inside(name: str) -> str:
    """The reverse of `outside`."""
    head, _, text = name.rpartition(":")
    kind = _KINDS.get(head.rpartition("/")[2])
    number = None if kind is None else decode(kind, text)
    return name if number is None else f"{head}:{number}"

"""What is told of an offer that may take off only so much for what its member brought in."""

from msgspec import Struct


class ContributionCap(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """At most `percent` of what the member spent in the window; of that `left` minor units are left
    before this order. `window`: rolling, over `months` and `days`, calendar_year or lifetime."""

    percent: str
    window: str
    months: int = 0
    days: int = 0
    left: int

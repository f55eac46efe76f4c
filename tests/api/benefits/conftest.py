"""The shop with benefits is there for all tests of this folder."""

from tests.api.benefits.parlour import parlour

__all__ = ["parlour"]

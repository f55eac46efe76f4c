"""Regulars: a loyalty and membership-benefits platform."""

__version__ = "0.1.0"

"""Benchmarks: each figure beside its limit, a SQL control measured in the same run."""

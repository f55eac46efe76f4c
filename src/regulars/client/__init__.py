"""A small typed client for the HTTP API."""

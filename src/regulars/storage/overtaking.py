"""What a transaction raises to begin anew, although the database has nothing against it."""

from psycopg import errors


class Overtaken(errors.SerializationFailure):
    """What we had found missing was written by somebody else before we were done."""

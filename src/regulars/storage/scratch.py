"""A database beside the main one, in the embedded server, made anew each time."""

from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from regulars.storage import embedded


def fresh_database(data: Path, name: str) -> str:
    """Drop the database `name` of the server in `data`, make an empty one, and return its
    connection string. Whoever is connected to it is disconnected."""
    url = embedded.ensure_running(data)
    with psycopg.connect(embedded.owner_url(url), autocommit=True) as connection:
        called = sql.Identifier(name)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(called))
        connection.execute(sql.SQL("create database {}").format(called))
    return make_conninfo(url, dbname=name)

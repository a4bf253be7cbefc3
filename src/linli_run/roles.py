"""The three database roles and the database they share (数据库角色)."""

from typing import Final, LiteralString

import psycopg
from psycopg import sql

OWNER: Final = "linli_owner"
APP: Final = "linli_app"
INGEST: Final = "linli_ingest"
EXTENSIONS: Final = ("btree_gist", "pg_trgm")

_ROLES: Final[LiteralString] = """
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['linli_owner', 'linli_app', 'linli_ingest'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted);
    END IF;
  END LOOP;
END $$;
GRANT linli_ingest TO linli_owner WITH INHERIT TRUE, SET TRUE;
"""

_RIGHTS: Final[LiteralString] = """
GRANT USAGE ON SCHEMA public TO linli_app, linli_ingest;
GRANT CREATE ON SCHEMA public TO linli_ingest;
ALTER DEFAULT PRIVILEGES FOR ROLE linli_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO linli_app;
ALTER DEFAULT PRIVILEGES FOR ROLE linli_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO linli_app;
ALTER DEFAULT PRIVILEGES FOR ROLE linli_ingest IN SCHEMA public GRANT SELECT ON TABLES TO linli_app;
"""


def create_roles_and_database(admin_conninfo: str, name: str) -> None:
    """Make the roles, the database `name` owned by `linli_owner`, and its extensions (建库与角色).

    Harmless when repeated. No role of ours is superuser or passes by row security: `linli_owner` migrates,
    `linli_app` reads and writes rows, `linli_ingest` owns its own tables and makes their partitions.
    """
    with psycopg.connect(admin_conninfo, autocommit=True) as admin:
        admin.execute(_ROLES)
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            database, owner = sql.Identifier(name), sql.Identifier(OWNER)
            admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, owner))
    with psycopg.connect(psycopg.conninfo.make_conninfo(admin_conninfo, dbname=name), autocommit=True) as inside:
        for extension in EXTENSIONS:
            inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        inside.execute(_RIGHTS)

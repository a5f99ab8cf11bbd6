"""The function that PostgreSQL's index over folded texts is made of. SQLite, which serves one machine, reads the texts instead.

Not pg_trgm: words of two characters, the usual ones in Chinese, have no trigram. Nor another extension, which whoever is given a
database by others may not install.
"""

from django.db import migrations

PAIRS = """
CREATE FUNCTION folding_pairs(folded text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 2000
    AS $$
        SELECT coalesce(array_agg(one || next), '{}')
        FROM (SELECT string_to_array(folded, NULL) AS signs) AS split, unnest(signs, signs[2:]) AS pair (one, next)
        WHERE next IS NOT NULL AND one <> E'\\n' AND next <> E'\\n'
    $$
"""
NO_PAIRS = "DROP FUNCTION folding_pairs(text)"


class OnPostgreSQL(migrations.RunSQL):
    """Statements for PostgreSQL alone."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def index_over_pairs(name, table, column):
    """The operation that makes the index ``name`` over the `IndexedText` ``column`` of ``table``."""
    return OnPostgreSQL(f"CREATE INDEX {name} ON {table} USING gin (folding_pairs({column}))", f"DROP INDEX {name}")

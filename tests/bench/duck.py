"""DuckDB beside bilat: makes DuckDB's own file of a bilat file, and runs what stands on standard input.

duck.py make FILE.db FILE.duckdb      copies the tables
duck.py serve FILE.duckdb             reads JSON lines {"sql": …, "threads": n, "rows": bool}, answers with JSON lines
"""

import json
import os
import sqlite3
import sys
import time

import duckdb
import pyarrow

TABLES = ["meetings", "participants", "leaders", "countries", "regions", "country_regions", "places", "topics",
          "meeting_topics", "accounts", "visits", "terms", "offices", "groups", "memberships"]
TYPES = {"INTEGER": ("INTEGER", pyarrow.int32()), "TEXT": ("VARCHAR", pyarrow.string()), "REAL": ("DOUBLE", pyarrow.float64())}


def make(source, target):
    if os.path.exists(target):
        os.remove(target)
    connection = duckdb.connect()
    # A form that older shells read too.
    connection.execute(f"ATTACH '{target}' AS own (STORAGE_VERSION 'v1.2.0')")
    connection.execute("USE own")
    file = sqlite3.connect(f"file:{source}?immutable=1", uri=True)
    for table in TABLES:
        columns = [(name, *TYPES[kind]) for _, name, kind, *_ in file.execute(f"PRAGMA table_info('{table}')")]
        listed = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
        connection.execute(f'CREATE TABLE "{table}" ({listed})')
        schema = pyarrow.schema([(name, kind) for name, _, kind in columns])
        names = ", ".join(f'"{name}"' for name, *_ in columns)
        rows = file.execute(f'SELECT {names} FROM "{table}"')
        while chunk := rows.fetchmany(200_000):
            arrays = [pyarrow.array(list(column), kind) for column, (_, _, kind) in zip(zip(*chunk), columns)]
            batch = pyarrow.Table.from_arrays(arrays, schema=schema)
            connection.execute(f'INSERT INTO "{table}" SELECT * FROM batch')
    connection.execute("CHECKPOINT own")


def serve(path):
    connection = duckdb.connect(path, read_only=True)
    print(json.dumps({"version": duckdb.__version__}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            connection.execute(f"SET threads = {asked['threads']}")
            begun = time.perf_counter()
            table = connection.sql(asked["sql"]).to_arrow_table()
            took = time.perf_counter() - begun
            answer = {"seconds": took}
            if asked["rows"]:
                answer["rows"] = [[None if cell is None else str(cell) for cell in row.values()]
                                  for row in table.rename_columns([str(at) for at in range(table.num_columns)]).to_pylist()]
        except Exception as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", source, target]:
            make(source, target)
        case ["serve", path]:
            serve(path)
        case _:
            sys.exit(__doc__)

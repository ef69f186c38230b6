//! The schema as SQLite has it: its statements, and of each index what it holds in which order.

use rusqlite::Connection;

/// One table, index or view of a schema.
#[derive(Clone, Debug)]
pub struct Object {
    pub kind: String,
    pub name: String,
    pub table: String,
    pub sql: Option<String>,
}

/// One index of a table.
#[derive(Clone, Debug)]
pub struct Index {
    pub name: String,
    pub table: String,
    /// Positions of the columns in the table, in the order in which the index holds them.
    pub by: Vec<usize>,
    /// So many of them are a row's alone.
    pub own: Option<usize>,
}

/// Every object in the order of its making, and every index that is not a table itself.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    pub objects: Vec<Object>,
    pub indexes: Vec<Index>,
}

impl Schema {
    /// What SQLite makes of these statements.
    ///
    /// # Errors
    /// When it does not take one: a bug.
    pub fn of(statements: &[String]) -> rusqlite::Result<Schema> {
        let connection = Connection::open_in_memory()?;
        for statement in statements {
            connection.execute(statement, [])?;
        }
        let text = "SELECT \"type\", \"name\", \"tbl_name\", \"sql\" FROM sqlite_schema ORDER BY rowid";
        let mut read = connection.prepare(text)?;
        let objects = read.query_map([], |row| {
            Ok(Object { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)?, sql: row.get(3)? })
        })?;
        let objects: Vec<Object> = objects.collect::<rusqlite::Result<_>>()?;
        let indexes = objects.iter().filter(|object| object.kind == "index");
        let indexes = indexes.map(|object| index(&connection, object)).collect::<rusqlite::Result<_>>()?;
        Ok(Schema { objects, indexes })
    }
}

fn index(connection: &Connection, object: &Object) -> rusqlite::Result<Index> {
    let unique = "SELECT \"unique\" FROM pragma_index_list(?1) WHERE \"name\" = ?2";
    let unique: bool = connection.query_row(unique, [&object.table, &object.name], |row| row.get(0))?;
    // The row's number is its id, which is the first column of every table that has numbers.
    let mut read =
        connection.prepare("SELECT max(\"cid\", 0), \"key\" FROM pragma_index_xinfo(?1) ORDER BY \"seqno\"")?;
    let columns = read.query_map([&object.name], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))?;
    let columns: Vec<(i64, bool)> = columns.collect::<rusqlite::Result<_>>()?;
    let by = columns.iter().map(|(column, _)| usize::try_from(*column).unwrap_or_default()).collect();
    let own = unique.then(|| columns.iter().filter(|(_, key)| *key).count());
    Ok(Index { name: object.name.clone(), table: object.table.clone(), by, own })
}

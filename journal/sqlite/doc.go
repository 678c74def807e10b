// Package sqlite keeps the cases of a [journal.Journal] in a SQLite database: one file, no server.
//
// [Open] a file, hand the [Journal] to a desk, and [Journal.Close] it at the end. Several processes of one machine may have the same file
// open, and it may hold the host's own tables as well.
//
// # What a commit is worth
//
// An append that returned has been synced to the disk: write-ahead logging with synchronous=FULL, on every connection. (With NORMAL, SQLite's log is consistent after a
// loss of power but may lack the last commits.) Appends that wait at the same time share one commit and so one sync; there is no goroutine in the background for
// it, the callers do it in turn.
//
// # Races
//
// Every write begins IMMEDIATE, that is with the write lock, and waits for it for as long as its context and [Patience] allow. A lost race is therefore always a
// *[journal.ConflictError] and never a "database is locked". [ErrBusy] says that somebody keeps the lock.
//
// # The host's transaction
//
// [Journal.In] appends inside a transaction that the host has begun, so that its row and the history are committed together:
//
//	tx, err := db.BeginTx(ctx, nil) // db opened with sqlite.DSN(path)
//	...
//	_, err = tx.ExecContext(ctx, "UPDATE orders SET ...")
//	_, err = j.In(tx).Append(ctx, batch)
//	err = tx.Commit()
//
// # Positions
//
// A [journal.Position] is the restore epoch of the database and a place that only grows. SQLite's writers work one after the other, so places become visible in
// their order, and a reader that follows them misses nothing. [Journal.Backup] makes a copy that begins a new epoch when it is opened; after an older state was put
// back in another way, call [Journal.Restored].
//
// # Tables
//
// Their names begin with charter_; the folder migrations has them in full. Instants are nanoseconds since 1970 in an INTEGER, records and keys are BLOBs, as
// given.
package sqlite

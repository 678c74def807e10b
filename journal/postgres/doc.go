// Package postgres keeps a journal in PostgreSQL, 13 or later.
//
// [Migrate] makes the tables, in a schema that the host chooses, and [Open] gives a [Journal] over the host's pool. It passes the suite
// of package journaltest; what its methods promise stands at [journal.Journal]. Here stands what PostgreSQL adds.
//
// # In the host's transaction
//
// [Journal.In] gives the journal inside a transaction that the host holds: the host's rows and the history become visible together or
// not at all. A conflict that is met there leaves the transaction usable at the isolation level read committed. At the stricter levels the server
// itself ends the race, and with it the transaction: the error is a *[journal.ConflictError] too, without the actual head, and the host
// begins its transaction anew. A serializable transaction may be refused as late as at its own commit, by an error of the driver's with SQLSTATE
// 40001, and is begun anew as well. A transaction that appends to several cases should do so in the order of their ids, else two of them may lock each other out; the one that
// the server ends meets a conflict.
//
// # Durability
//
// An append that returned was flushed to the server's log. Open refuses sessions whose synchronous_commit is off ([ErrUnsafe]). Concurrent appends
// share flushes, as all commits in PostgreSQL do. After an error that is none of package journal's own, such as a connection that broke, the append may
// have been kept: repeat it with the same Key.
//
// # Why a scan skips nothing
//
// Numbers of a sequence are given out before the commit, so a reader that goes by them passes over transactions that take longer. A record
// here has a turn: the id of its transaction (64 bits), or the turn of the record before it in the case when that is higher. A scan reads only turns
// below the oldest transaction that still runs. A record that appears later was written by a transaction that was still running or did not
// exist yet, so that its turn is above everything that was yielded. Within a case turns never fall, even when the transaction that appends second has the lower id
// because the host wrote something else with it first; within a turn, a sequence number decides, which is drawn while the case's row is locked.
//
// So a transaction that writes and stays open holds back all scans, in whichever database of the cluster it runs; a prepared transaction does, too.
// Scan waits up to [Options].Settle for transactions that are in its way and then ends before them; a later scan goes on there. Read and Due wait for nobody.
//
// # After a restore
//
// A position names the epoch of the journal and a record. Scan gives [journal.ErrPosition] when the epoch is another one or the record is not
// there with the same turn, place and random mark. So it notices, without any help:
//
//   - a restore of the whole cluster to an instant before the record, from a base backup, a snapshot of the volume or by failing over to a standby that lagged, also
//     when other records have taken the turn and place since;
//   - a copy of the tables by dump and restore, even if the record is in it: Open and Scan give [ErrRestored] then until [NewEpoch] was called. pg_upgrade makes a new
//     cluster as well and needs it, too.
//
// What it cannot notice: the record of the position was kept, but a transaction that committed after it and stood before it in order was lost. After every
// restore, stop the processes that scan, call NewEpoch, and start them again: it makes all positions of before invalid, so that every reader starts from the beginning.
//
// # Erasure
//
// Erase empties the rows. Their bytes leave the files when the table is vacuumed; the server's log, standbys and backups hold them until
// these are recycled.
package postgres

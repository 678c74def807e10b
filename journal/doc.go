// Package journal is where the histories of cases are kept: an interface of five methods, and [Memory], which keeps them in memory.
//
// A [Journal] sees bytes. It knows cases by their id, numbers the records of each, tells which case wants attention when, and lets readers
// follow all that is written. What is stored is what is read back, byte for byte, and every instant to the nanosecond.
//
// # Claiming by appending
//
// [Journal.Append] names the [Head] that it expects. When two workers read a case and both append, one of them meets a *[ConflictError]:
// it reads again and decides anew. There are no locks and no leases that could run out. Delivering a notice works alike: append a batch
// without records that moves Next to the next attempt, and only who succeeds delivers.
//
// # Safe to repeat
//
// An append whose answer was lost may have been kept. Give it a Key and repeat it: the journal gives the answer that was lost.
//
// # Following
//
// [Journal.Scan] yields each record once, in an order in which nothing ever appears before a position already passed. Store the Pos of the last
// record together with what was made of it, and go on from there. After a restore from a backup, positions of before are
// refused with [ErrPosition], since the journal may have lost what the reader has seen.
//
// # Implementations
//
// Package journaltest holds the suite that all of them pass: Memory here, and the modules journal/sqlite and journal/postgres.
package journal

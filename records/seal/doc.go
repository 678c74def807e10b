// Package seal makes a [journal.Journal] of which it can be proved that nothing in it was changed, and in which a person can be forgotten without
// breaking the proof.
//
// [New] wraps any journal. Whoever uses it appends and reads as before; beneath, every record carries the hash of the one before it, personal
// fields are encrypted under a key of the person's own, and [Journal.Checkpoint] signs the state of all cases.
//
//	log, err := seal.OpenLog(ctx, logStore, "example.com/helpdesk", verifier)
//	keys, err := seal.OpenKeyring(ctx, "/etc/helpdesk/keys", master) // once before: CreateKeyring
//	j := seal.New(db, seal.Options{Keys: keys, Log: log, Subject: customer})
//	desk, err := charter.NewDesk(charter.Config{Journal: j, ...})
//	...
//	signed, err := j.Checkpoint(ctx, signer) // every hour, say; keep it elsewhere
//	report, err := j.Verify(ctx, held...)    // every night, say
//
// Once, before the first start, a host makes what this opens: the keyring file with [CreateKeyring], under a master of 32 bytes from its vault
// ([NewMasterKey]), and the key pair of signer and verifier with GenerateKey of golang.org/x/mod/sumdb/note. The example of the package shows all of it.
//
// # What is noticed
//
// By whom, and holding what:
//
//   - Whoever reads a case through the sealed journal, holding nothing: a changed bit in any record read, a record in the place of another one or of
//     another case, one that is missing below the head, one that does not continue the one before it. The error is a [*Fault] and names case and entry.
//   - Whoever runs [Journal.Verify] with the [Log], which lies in another database: besides, a tail that was cut off with its head, a case that is
//     gone, an older copy of the database, a case whose records were all sealed anew by somebody who knows this format, and a tombstone over another
//     past; and a position in the log that was moved past records the log has not ([ErrLog]). What was written since the last checkpoint is checked as if
//     there were no log. Right after a checkpoint, with nobody appending, Report.Open is 0; anything else then is an alarm.
//   - Whoever holds a signed [Checkpoint], and runs Verify with it: besides, a log that was cut off, replaced or rolled back together with the
//     database. The checkpoint must be kept, or sent, where those who can write to database and log cannot reach it: with an auditor, in a mailbox, in
//     a public place. It says nothing about anybody.
//   - Whoever is given a case file ([Journal.Export]) and knows the public key: that a checkpoint holds just this case in just this state. They need neither
//     database nor network ([ReadCase]).
//   - Whoever holds two checkpoints: that the newer one goes on from the older one ([Log.Prove]).
//
// The first bad entry of a case is named, and Verify reads on and names the others ([Report.Faults]). When records were sealed anew with all their sums, the log tells which of its heads are still right, and the fault
// is named as a range between two of them: take checkpoints often and the ranges are short.
//
// # What is not noticed
//
//   - Something false that is appended. Who may append is for the database's permissions; sealing proves that what was there at a checkpoint is still there.
//   - Changes to what is newer than the last checkpoint by somebody who computes the sums, as anybody can: they have no secret.
//   - An erasure of a case by somebody who may write. It shows as an erasure, in Report.Erased and in the next checkpoint: hold them against the disposals.
//   - Changes to Next and Sum of a head, to idempotency keys and to positions. They are the journal's means of working and say nothing about what
//     happened; a desk computes Next anew.
//   - A checkpoint that shows different things to different people, signed with the host's own key, unless these people compare what they hold.
//   - A damaged record in the last batch of a case when that batch was within 77 bytes a record of [journal.MaxRecord] or [journal.MaxBatch]. There is no room
//     for its seals; the record after it, and every checkpoint, take it in.
//   - That somebody read the database, or a key in the memory of the running program.
//
// # A journal like any other
//
// A sealed journal passes the whole of package journaltest, over Memory, SQLite and PostgreSQL. Sum and Next are the caller's. Inside a transaction of
// the host use [Journal.With]. Appending reads the last record of the case first, unless it was just
// read or appended. All that is written must go through
// a sealed journal, from the first record on: other records are reported as damaged. A journal that is in use already is taken in by [Journal.Adopt]. A damaged case can be neither read nor continued nor erased through the
// sealed journal, and ends a Scan: look at it through the one beneath, and restore it. [Journal.Without] leaves such cases out, for an audit that is
// to go on with the rest.
//
// # Personal fields
//
// A record that is an entry in canonical form ([history.Entry.AppendCanonical]) with Personal fields is stored as the entry without them, readable, and these encrypted
// with AES-256-GCM under the key of [Options.Subject]. The nonce is random (96 bits; at most 2^32 entries a key, see [Key]); the ciphertext is bound to
// its case, number and key, so that it opens nowhere else. Reading puts the entry together again, byte for byte. Everything else is stored as it is
// given: put nothing personal into Fields, into ids of cases, actors or idempotency keys.
//
// [Journal.Shred] destroys a subject's keys. The hashes are over the ciphertext, so that all proofs hold, and the entries are read as before but without
// personal fields and with personal=erased among their fields. That goes for database files, logs, backups, replicas, exports and checkpoints alike: none of them
// ever had the plaintext. What others have been given in the clear, such as projections and mails, is not reached.
//
// Destroyed keys are remembered twice, in the keyring and as leaves of the log. A keyring that comes back from a backup has the key again; a journal with the
// log treats it as destroyed all the same, and [Keyring.Destroy] with [Log.Destroyed] makes the keyring do so too. What the file system keeps of an older
// keyring file is worthless without the master: after a destruction that must stand against a thief of disks, [Keyring.Rotate] and destroy the old master.
//
// A wrong keyring is an error ([ErrKeyUnknown], [ErrWrongKey]), and never taken for an erasure. To read without keys on purpose, leave [Options.Keys] nil.
//
// # Erasing a case
//
// [Journal.Erase] leaves a tombstone that is sealed like a record: it has the number after the last one, and its seal continues the sum of the last record that
// is gone. So what the log has of the time before can still be compared with it, and a case file that somebody has from then still proves itself.
//
// # Sealing what is there
//
// [Journal.Adopt] writes into the log, as leaves of their own, how it finds the cases of a journal that was in use without seals, and when. From then on,
// and from the first checkpoint after it in the hands of somebody else, each change of what was found is noticed: by whoever reads the case from its
// beginning with the log, by Verify, by whoever is given a case file, which says what was adopted and when. What happened before the adoption
// is not proved by anything, and no later proof mends that. Nothing in the store is rewritten.
//
// # Format
//
// Version 1 of the bytes, and version 2 of the case files of adopted cases, is described in record.go (a record and its seal), personal.go (an entry with encrypted fields), leaf.go (what the tree holds),
// casefile.go and ring.go (the two files). All hashes are SHA-256 and begin with the name of what is hashed and its version; whatever
// has no fixed length is hashed after its length. The tree is that of RFC 6962, computed by golang.org/x/mod/sumdb/tlog; checkpoints are signed notes with Ed25519
// (golang.org/x/mod/sumdb/note), whose key names and formats are those of the Go checksum database. A seal takes 77 bytes, encrypted fields 52 more.
//
// # Cost
//
// A sealed append costs one hash of its bytes, and a read of the last record of the case where that is not remembered. Over SQLite and PostgreSQL, which wait
// for the disk, it takes as long as the unsealed one within what two runs differ by, with personal fields too. Over Memory, whose append of an
// entry of 193 bytes is no longer than two such hashes, it takes about twice as long for who reads the case first, as a desk does, three times for who does
// not, and twenty times and more with personal fields, which are decoded and encrypted.
//
// Verify over Memory takes, reading included, 1.2 times what bare SHA-256 of the same stored bytes takes for records of 4000 bytes, 1.7 for 500, 1.5 to
// 1.8 for an agent's answer of 193 bytes, and 1.9 to 2.3 for 100; over a database the reading is more. That is less than or about what
// scanning the journal and hashing takes, since it looks at records without taking them ([journal.View]). A case file takes up to twice as long as
// one hash of it, and the check of its signature, which is most of it below a hundred records. See the benchmarks, which measure each beside its other in turns.
package seal

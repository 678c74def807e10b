// Package records says how long records are kept, and sees to their end: schedules, legal holds, review by a second person, disposal that proves itself, and
// restores that do not undo it.
//
// # Deciding
//
// A [Schedule] is a set of rules, each from one clause: which record classes it speaks of, from which instant a period runs, how long the record is kept at
// least and at most. [Schedule.Decide] takes a record with its history, the holds and an instant, and answers keep, due for review or dispose, with a reason for every
// clause in English or Simplified Chinese. It is a pure function: no clock, no storage, no state.
//
//	s, err := records.NewSchedule(shanghai, records.Rule{
//		Clause: "norms/2.4.2-urgent", When: sla.Condition{sla.Is("tier", "urgent")},
//		From: records.Start{Kind: history.Closed}, AtLeast: records.Years(10), AtMost: records.Years(10),
//	})
//	d := s.Decide(records.Record{ID: id, Class: "ticket", History: h}, holds, now)
//
// Several rules may speak of one record. A hold goes before a floor, a floor before a ceiling, the longest floor before the others; where a ceiling lies below another clause's floor,
// the record is kept and the disagreement is a [Finding]. What is unclear is kept: an unknown class, an attribute that is missing, a period without
// a figure or a start, a clock that stands before the record. A period that begins before the record waits for a person.
//
// Periods are counted on the civil calendar: three years last to the end of the same day three years later. See [Period.End].
//
// Age is a fact of the history. Moving a record, archiving it again, or copying it to another store leaves its entries, and so its age, as they are. A
// [Hold] freezes disposal only; when it is released the first dates count.
//
// # Disposing
//
// A [Disposer] carries it out over a [Store] and a [Ledger], two small interfaces: [Disposer.Plan] is the dry run, [Disposer.Review] takes what persons say, [Disposer.Dispose] erases
// one record and leaves a [Certificate] in its place: what it was (the digest of its bytes), when, and under which clauses. Every step may be repeated, also after a
// crash.
//
// Keep the ledger apart from the records and their backups. After a restore, [Disposer.Reapply] erases again what had been disposed of, under the first
// certificates.
//
// # What records hold
//
// A [Content] is what one clause says a record has to hold: entries with fields, before, after or in an order, words that are used or avoided.
// [Content.Check] answers complete or incomplete, and names what is lacking and in which entries. The five handbooks have such demands of staff files, devices,
// risks, tickets; charter's Handbook.CheckRecord holds a record to all of them.
//
// # What is not here
//
// Erasing reaches the store only. Logs, projections, search indexes, replicas and backups may hold copies; package mask keeps personal data out of logs and
// reports, and keys per person, as package records/seal has them, reach all copies at once. Which records a person has is the host's to know: its
// [Disposer.Erased] destroys the keys of a person whose last record is gone.
//
// Packages records/access and records/mask stand beside this one: who may read, change and export what, and the masking of personal data.
package records

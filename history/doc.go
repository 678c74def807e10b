// Package history holds the entries of a case: what happened, when, and when it was recorded. They are all that Charter's rules read, and
// they are only ever added to.
//
// # An entry
//
// An [Entry] is one fact: a number in its case (Seq), an instant (At), the instant at which it was written down (Recorded), a [Kind] such as
// opened, held or resolved, an [Actor], and fields, which are pairs of text. Data about people stands apart, in Personal: no rule reads it,
// and no way of printing or logging an entry, its errors or its findings shows it.
//
// What is learnt late is a further entry with an earlier At and a later Recorded. [History.Sorted] gives the entries in the order in which
// things happened, and [History.KnownAt] what was known at some instant, so that one can ask both what was true and who could have known.
//
// The kinds, the keys of fields and the roles that Charter's handbooks share are constants here. A host may have kinds, keys and roles of its
// own. Fields set attributes of the case (its tier, its channel) when they stand on an entry of a kind for which [SetsAttributes] holds;
// elsewhere they describe only what happened.
//
// # From a row
//
// A host that keeps a row with timestamp columns for each case needs no entries of its own: [FromTimes] makes a history of the columns, the
// attributes and the pauses. [Times] says which kinds its columns usually are, [Pause] who decides whether a pause stops a clock.
//
// # Canonical bytes
//
// [Entry.AppendCanonical] writes an entry in the only way there is to write it: JSON as RFC 8785 orders it, on one line. So equal facts
// have equal bytes, which can be stored, compared, hashed and chained, and which programs in other languages can make too. [Decode] reads just
// these bytes; [Entry.UnmarshalJSON] reads the same entry from anybody's JSON, and [ParseLine] from a log with one entry a line.
//
// An entry is exact to the nanosecond. Store its bytes, or At as text: columns that keep microseconds give back another entry than the one that
// was hashed.
//
// # Faults in data
//
// [Check] tells what is doubtful in a history: time that runs backwards, entries twice, resolved before opened, a hold never begun. Each
// [Finding] has a stable code and says it in English or Simplified Chinese. Findings do not keep a case from being judged.
//
// # Limits and concurrency
//
// Instants lie in the years 0 to 9999 of UTC, an entry has at most [MaxSize] bytes, numbers go up to [MaxSeq]. All values are plain data:
// any number of goroutines may read them, and nothing here changes what it is given, reads the clock or keeps state.
package history

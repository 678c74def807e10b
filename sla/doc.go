// Package sla runs service-level clocks: it turns targets ("resolved within
// eight business hours, three days when routine"), calendars and the history
// of a case into deadlines, breaches, warnings and explanations.
//
// Everything is a pure function. Nothing here reads the wall clock, keeps
// global state, starts a goroutine or does I/O; now is always an argument.
//
// # Rules
//
// A [Span] is a length with a basis: "4h" on the wall clock, "8 business hours"
// while a calendar is open, "3 working days" by the days on which it opens at
// all. A [Metric] says which entries of a history start, pause, stop and
// cancel a stopwatch; [StandardMetrics] has those of service management under
// their usual names. A [Target] limits a metric by a span for the cases that
// its [Condition] covers, and may warn and escalate at [Offset] instants.
// Targets side by side all count; in a [Policy] they are ranked and one
// governs. A [Revision] is a set of them that comes into force at an instant,
// and [Compile] turns revisions into a [Plan].
//
// # Clocks
//
// [Plan.Evaluate] reads a whole history and gives a [Clock] for every target
// that has something to say. A [Run] does the same entry by entry without
// allocating, and [Run.Next] tells when something will change by itself, so
// that nobody polls. The two agree; tests hold them to it. [Run.Outcomes] gives
// no more than verdicts and durations, for who counts cases. [Headline] picks
// the clock that governs, [Plan.Countdown] is its view for a page, [Notices]
// what has to be told to whom, [Plan.Explain] why.
//
// The limit is inclusive: a stop at the deadline itself is in time, and the
// breach begins a nanosecond later. Time on hold is given back on the meter on
// which it was taken: an hour on hold at night gives nothing back to a limit
// of business hours. An answer before the start (a reply before the formal
// acceptance) is in time.
//
// # What the words of a policy leave open
//
// [Semantics] declares it, once a revision; the zero value is Charter's
// default. Each default is what a customer who has read the policy expects:
//
//	                         default                          because
//	used up at closing time  due at closing                   "within 8 business hours" ends today, not tomorrow morning
//	tier changes             the new limit from the start     the customer has been waiting since then
//	reopened                 the clock goes on                a premature "resolved" wins no fresh limit
//	second message           changes nothing                  asking again must not cost time
//	first response           from the opening                 the customer does not see the dispatch
//	rounding                 none                             31 minutes are not within 30
//	new revision             running clocks keep theirs       the promise was made under the old one
//
// A change of tier never breaches a deadline in the past: what was on time
// until the change is breached at the change at the earliest. What was
// breached before stays breached. An attribute that becomes known late counts
// from the start, because the case has had it all along.
//
// # What is not known
//
// A target without a figure, or with a figure whose basis nobody has named, is
// [NotEvaluable] and says so in [Clock.Missing]; so is one whose condition
// asks for an attribute that the case does not have. Nothing is guessed.
//
// # Late entries
//
// History is judged by when things happened (At), not by when they were
// recorded. [Run.Step] refuses an entry that happened before the last one with
// [ErrLate]; evaluate the whole again, and the verdict may change, because the
// truth has. history.History.KnownAt gives the entries that were recorded by
// an instant, and with them the verdict as it was known then.
//
// # Limits
//
// Instants lie between 1700 and 2200 ([ErrInstant]). A Plan is immutable and
// safe for concurrent use; a Run serves one case and one goroutine at a time.
package sla

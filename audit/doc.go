// Package audit judges a log of cases, clause by clause: what was kept, what was breached and why, and what nobody can tell.
//
// # One call
//
//	h, err := handbooks.Norms()                        // or your own, amended
//	rules, err := audit.By(h)
//	log, err := os.Open("tickets.csv.gz")
//	report, err := audit.Run(ctx, rules, logfile.Read(log, mapping), audit.Options{Now: now})
//	err = report.WriteText(os.Stdout, "en")
//
// Facts come as a stream of cases, [Source.Cases], from wherever a host has them: [From] takes histories in memory, package
// audit/logfile reads tables (CSV and the like) and JSON Lines. The engine is that of package sla, so that an audit gives each case the
// verdicts that it got live. Targets without a handbook are judged by [Targets].
//
// # What a verdict is
//
// A clause says something about a case when its clock has something to say: the case is in scope. Then the limit was kept or
// breached, or it is pending as of [Options].Now, or it is not evaluable, and then the report names the evidence that is missing: an attribute, an
// entry, a figure or a basis that the clause does not print. A limit that came again and again in one case, as a reply to each message of
// the customer, counts once: as breached if it was ever breached. Cases in which in the end nothing was owed (withdrawn, merged, taken over in time by
// another clause) are counted apart and are in no rate.
//
// Attainment is kept ÷ (kept + breached), two whole numbers, with the Wilson interval of package quality: what the cases tell if they
// stand for more than themselves.
//
// A source that can never supply an entry says so in [Source.Provides]. A clause that needs it is then not evaluable for that reason, and
// not breached by everybody.
//
// # More than deadlines
//
// With [Options].Conduct every case is also held to what the clauses demand of its steps and its content: [Report].Conduct tells of each
// clause in how many cases it was kept, breached, not evaluable or not yet due, what was found by code, and the first examples. It finds what
// [charter.Handbook.CheckTicket], CheckComplaint, CheckIncident, CheckPlan and CheckRecord find. A source may then hold the records of persons,
// documents and the like too.
//
// With [Options].Tally every case is counted by the measures of its table, and the objectives of the handbook are met, missed or undecided,
// with the interval and how many more facts would decide, or not measured, and why: [Report].Objectives. A [Gate] may ask for them.
//
//	scale, err := quality.Whole(1, 5)                      // of the host's surveys; 4 and 5 are satisfied
//	table, err := measure.Standard(measure.Options{Scale: scale, Satisfied: decimal.NewFromInt(4)})
//	tally := measure.NewTally(table, measure.Grouping{})   // or one that knows of people, services and other sources
//	report, err := audit.Run(ctx, rules, source, audit.Options{Now: now, Conduct: true, Tally: tally})
//
// # Doubtful data
//
// Nothing in the data stops an audit unless [Options].Strict is set. Rows that cannot be used are left out and counted. Whatever else is
// wrong, what [history.Check] finds and what the source and the handbook cannot make sense of, is counted by code with the first examples,
// case and line: [Report].Findings. The case is judged all the same.
//
// # Cost
//
// Cases are read in the caller's goroutine and judged in as many as there are processors; the report is the same for any number. One case is
// held at a time and no memory is allocated for it beyond what the source needs, so that a log of any length is judged in constant memory.
// For the log of a million cases and eight million entries see the benchmarks. Conduct and measures cost nothing where they are not asked for.
// Where they are, a case takes some tens of microseconds by a handbook of a hundred such clauses, and about ten by some eighty measures.
//
// # JSON
//
// A [Report] encodes to JSON with the names that its fields show in their tags. They are a promise: names and meanings stay, and new ones may
// come. Instants are RFC 3339 in UTC, durations text as [time.ParseDuration] reads it (on the basis of the clause's limit: 24h are one
// working day), limits the text of [sla.ParseSpan], proportions {"hits", "trials"}. Equal input gives equal bytes.
package audit

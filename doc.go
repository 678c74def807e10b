// Package charter turns a service handbook, written as data, into deadlines, escalations and verdicts that cite their clause.
//
// # Words
//
// A handbook is a versioned set of clauses together with the calendars, tiers and roles they speak of. A case is one ticket,
// complaint or incident; its truth is its history, a list of entries that only grows. A clause that sets a time limit becomes a
// target, and a target on a case runs a clock. Judging a case gives, for each clause, a verdict: kept, breached, pending, or not
// evaluable, and then which evidence is missing.
//
// # Levels of adoption
//
// Each level is useful alone, and the later ones call the earlier.
//
//   - Deadlines: a host that has histories, or only timestamp columns, asks what is due when, what was kept, and why.
//     There is nothing to store and nothing to set up.
//   - Notices: from the same judgement, the warnings, breaches and escalations that have become due, with stable ids, and the next
//     instant at which anything changes. The host writes them in its own transaction.
//   - Desk: Charter keeps the histories in a journal, wakes when something is due, records each notice once and delivers it at
//     least once. [Desk] says how.
//
// # Rooms
//
// The packages build on each other in one direction, and each can be used without those above it:
//
//   - sla/calendar: business time, with weekly hours, holidays, make-up working days, zones and daylight saving;
//   - history: the entries of a case and their encoding;
//   - sla: spans, metrics, targets, policies, clocks, warnings and notices;
//   - quality: scores, intervals, objectives, duties and other measures over many cases;
//   - records: what a record must hold, how long it is kept, who may see it, and its disposal;
//   - ticket, complaint, incident: one lifecycle each, as commands or as a checker;
//   - journal: the storage interface, a journal in memory, and the suite that every journal must pass;
//   - charter: the handbook, its amendments, the desk, and judging a case by it;
//   - handbooks: five handbooks and mainland China's official working days, embedded;
//   - audit: cases in from iterators, CSV or JSON Lines; a verdict out for every clause that records can show;
//   - chartertest: histories from text and assertions for a host's own tests.
//
// # Questions
//
// When is it due over a holiday? Business hours and working days run on a calendar with holidays and make-up days: sla/calendar,
// and handbooks.ChinaOfficeHours for a start. [Judgement.Explain] shows each day and its reason.
//
// Hours on the wall or business hours? The five handbooks mostly do not say. [NameBasis] says it for all clauses at once.
//
// What if the customer is waiting, or we wait for the customer? Nothing pauses until [SetPauses] says which holds pause which
// metric; the time on hold is then given back on the meter of the limit.
//
// What if the priority changes, the case is reopened, the customer writes again? The section "What the words of a policy leave
// open" of package sla; [SetSemantics] changes it.
//
// Is a reply at the very deadline in time? Yes; the breach begins a nanosecond later.
//
// Which steps, fields and roles does a handbook want? [Handbook.TicketRules] and its sisters have them for commands and for checks,
// and a desk works by them. [DropClause] and [SetLifecycle] change them; [Handbook.String] lists them.
//
// What must a staff file, a device or a risk hold? [Handbook.CheckRecord] tells what one lacks; [SetContent] changes what is asked.
//
// Is an objective met? [Handbook.Objectives] has them, package quality/measure counts what they are about, and an audit does both; met, missed or
// undecided, with the sample that would tell.
//
// How do I use the timestamps that I have? history.FromTimes makes a history of a row, [Handbook.Needs] tells what a clause wants
// of it, and [SetProvides] which entries you never have.
//
// Why is a clock not evaluable? sla.Clock.Missing names the attribute, the entry, "figure", "basis" or "calendar" that is missing,
// and [Handbook.Lint] lists beforehand what blocks a clause.
//
// How do I change a figure, and from when? [Handbook.Amend]; [Patch] on which day to choose. What was judged before stays.
//
// How do I keep old cases from flooding me with notices, and when do I look again? sla.Window.Cutover, and [Judgement.Next].
//
// What if a deadline lies beyond the published holidays? It is provisional, sla.Clock.Provisional, until [SetCalendar] brings the
// days. Then [Judgement.Revised] gives what has moved; a [Desk] tells it by itself, while it runs too: [Desk.Use].
//
// How do I remind somebody of what recurs, such as training once a quarter? [Handbook.Duties] tells what there is, [SetDuty] adds grace, reminders
// and ladder, and [Desk.Owe] keeps a case for each period of each subject. Without a desk: [Handbook.Account].
//
// What are a year's figures held against? [Handbook.Objectives] gives the bounds, [Handbook.Measures] the measures; package quality/measure
// computes them. What follows when somebody fails an appraisal? [Handbook.Consequences].
//
// Is my data sound? [Judgement.Faults] and [Judgement.Findings]. May goroutines share it? A [Handbook] and all that it compiles to
// never change.
//
// # What it never does
//
// The library does not read the wall clock, keeps no global state, and does not panic on input: the present instant is an
// argument, and errors are values that name the case, clause or line. A limit that a handbook leaves open is never guessed; its
// verdicts say not evaluable until the host amends the handbook.
package charter

// Package incident is the lifecycle of an incident: found, reported, graded, declared, notified, handled, restored, resolved, reviewed,
// closed. It says which entry may follow which, what each must state and who may write it. It keeps nothing and reads no clock.
//
// # Commands
//
// [Load] rebuilds an [Incident] from its entries; an empty history is a new case. Each command ([Incident.Detect], [Incident.Declare],
// [Incident.Restore] and so on) makes one entry, holds it against the [Rules] and appends it. [Incident.Pending] gives the new entries
// to whoever stores them.
//
//	i, err := incident.Load(history.History{Case: "I-17"}, nil)
//	err = i.Detect(incident.Meta{Now: now, Actor: operator}, incident.Detection{Class: "outage", Source: "internal"})
//	err = i.Declare(incident.Meta{Now: now, Actor: operator}, incident.Declaration{Plan: "EP-2", Lead: "9", Role: history.RoleIncidentLead})
//	store(i.Pending())
//
// A command that is refused returns a [*StepError] and changes nothing. [Incident.Add] is the command for every other kind of entry, and
// [Incident.Lacking] says beforehand what would be refused.
//
// # As a checker
//
// A host with a lifecycle of its own passes its histories to [Check]: the same rules, as findings. Beside what lies after Meta.Now and what
// cannot be written, a command refuses just what Check would find in the longer history and not in the shorter one. So what commands write
// passes Check. Advised demands and codes in Rules.Lenient stop no command: the entry is written, and Check tells.
//
// [history.Check] looks for faults of another sort (entries twice, numbers twice); use both when a source of data is new.
//
// # Rules
//
// [Rules] are plain data, in Go or JSON. [DefaultRules] holds what no handbook of the five contradicts; what a single one asks for (who leads at
// which severity, the contents of the report to management) are further demands of that handbook. [PlanRules] are for the history of
// an emergency plan: assessed, drafted, approved, issued, drilled, reviewed. [LastDrill] tells when it was last rehearsed.
//
// # What counts as earlier
//
// Entries are judged in the order in which things happened: by At, then by Seq. What is recorded late takes its place among the others;
// it is refused when it would put an entry that stands already in the wrong.
//
// # Restored and resolved
//
// A service that runs again is restored; the incident is resolved when its cause is dealt with. [Incident.Recovery] has both, with the
// downtime (to compare with a recovery time, RTO) and the data lost (to compare with a recovery point, RPO).
//
// # Concurrency
//
// An Incident is for one goroutine at a time. Rules are only read: share them, and do not change them once in use.
package incident

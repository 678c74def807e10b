// Package chartertest helps to test code that uses Charter: histories are written as text, short enough to stand in the test.
//
//	h := chartertest.History(t, `
//		mon 09:00 open tier=urgent channel=phone
//		mon 10:20 reply by=agent/17
//		wed 09:00 hold reason=customer
//		thu 09:00 resume
//		+2h30m    resolve
//	`)
//
// A handbook judges such a history at an instant, and assertions hold the judgement to what is expected. One that fails prints the
// explanation of the clause's clock:
//
//	c := chartertest.Judge(t, rules, `
//		mon 09:00 open tier=urgent
//		mon 10:20 reply by=agent
//	`, "mon 12:00")
//	c.Breached("norms/2.1.3-urgent-response")
//	c.Due("norms/2.1.3-urgent-initial", "mon 11:00")
//
// # Lines
//
// Each line is an entry; several may share a line, with commas between them. Empty lines mean nothing, nor does what follows a # that begins a
// word. Entries are numbered as they stand, from 1, and may stand in any order.
//
// An entry begins with its time, one of:
//
//	mon 09:00                    a day of the week of 2025-03-03, a week without a holiday
//	mon+1 09:00:00.5             the Monday a week later
//	2025-03-10 11:00:00.000001   a day and a time of day
//	2025-03-10T03:00:00Z         an instant, RFC 3339 with any offset
//	+2h30m                       so long after the entry before it, in elapsed time
//
// Days and times of day are those of Asia/Shanghai. Lines before the first entry can say otherwise, and name the case:
//
//	case T-1001
//	zone America/New_York
//	week 2025-03-31
//
// The week is named by its Monday. A time that the clocks of the zone skip, or show twice, is an error: write the instant.
//
// Then comes the kind: as in package history (opened, first-handled), or as a command (open, reply, hold, first-handle, tell-result,
// confirm-result); kinds of the host stand in quotes ("acme.triaged").
//
// Then come, in any order:
//
//	tier=urgent               a field; a key may come again with another value
//	note="two words"          texts with spaces, commas or quotes are quoted as in Go
//	by=agent/17               the actor: role and id; by=agent, by=/17, by="case owner"/17
//	recorded=2025-03-10T03:00:00Z   when it was recorded
//	seq=7                     the number, when it is not the position
//	~name="Li Lei"            a personal field
//
// A quoted key is always that of a field: "by"=phone, ~"a b"=1.
//
// # Functions
//
// [Judge] gives a [Case] with its assertions. [ParseHistory] reads the text, [History] does so in a test, [FormatHistory] writes it. Reading what was written gives the history back.
package chartertest

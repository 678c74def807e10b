// Package ticket is the lifecycle of a service request: from the customer's first word to the archive. The truth of a ticket is its
// history; this package says which step may come next, what it must record and who may take it.
//
// # As commands
//
// A [Ticket] is rebuilt from its entries with [Load]. Its methods are the steps: each validates, adds one entry and changes the state, or
// gives a [*StepError] and changes nothing. [Ticket.Pending] are the entries to be stored. Nothing here stores, reads a clock, or starts a
// goroutine.
//
// # As a checker
//
// A host that keeps a lifecycle of its own gives its histories to [Check], which holds them to the same rules and gives a [Finding] for
// what a command would have refused.
//
// # Rules
//
// What a handbook says is data: [Rules], plain values with a JSON form. A [Demand] is one sentence of a clause: steps in an order, facts
// that must be there before a step, fields that it must have, roles that may take it; it may be limited to some tickets and it names its
// clause, and so does every error and finding that comes of it. [DefaultRules] are what the five handbooks agree on. A demand, or a whole
// [Code], can be declared lenient: then commands do not refuse, and [Check] still finds.
//
// Beneath the rules lies what no rule changes: a ticket is opened once and first, what is over must be reopened before work goes on, a
// hold begins and ends, holding and reopening have a reason, a merged ticket names the other one, and the customer's answer is accepted
// or disputed. [State] says which states there are.
//
// # Who answers for it
//
// First-contact responsibility: whoever of the centre had the ticket first owns it, until somebody accepts it elsewhere; see
// [Ticket.Owner]. Dispatching, handing over and escalating change who works on it, not who owns it.
//
// # Late and early
//
// A fact that is learnt late has an At before that of other entries, and a Recorded after it. Such a step is validated where it happened: it
// is refused when it, or anything after it, would break a rule that is kept without it. An entry that was recorded before it happened is from
// the future and refused.
//
// # People
//
// Names, numbers and addresses belong in the personal fields of an entry. No rule here reads them: where a handbook wants the customer to be
// recorded, the rule asks for the field customer, the host's id of the customer's file. Findings and errors show no values of fields, only
// names of steps, fields, states and clauses.
package ticket

// Package access decides who may read, change, export or dispose of which records, from rules that name their clauses.
//
// A [Policy] is data: confidentiality grades and rules. Each [Rule] allows, limits or refuses some actions on some records to some roles.
// [Policy.Decide] answers one [Request], and the [Decision] says which clauses spoke for and against, in English or Simplified Chinese:
//
//   - Nothing is allowed that no rule allows.
//   - A rule that limits a record to some ("only handlers and the departments concerned") allows it to them and refuses it to all others, whatever other rules allow them.
//   - A rule that refuses goes before every rule that allows.
//   - What is not known refuses: a record whose grade is missing or not declared may be as confidential as any.
//
// So every refusal of one clause stands, and an extra rule that allows cannot open what another limits. [Policy.Lint] names the rules that disagree.
//
// Deciding costs a look at each rule, reads no clock and keeps no state. What was decided belongs into the history of the record; [Decision.Entry] is the entry for it, and
// [FromEntry] reads it again, so that a log of access can be held against a policy afterwards.
//
// Masking for those who may see a record but not the persons in it is in package records/mask.
package access

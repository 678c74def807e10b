// Package measure counts what cases, people and services have in common: satisfaction, resolution at the first contact, complaint rates,
// attainment, availability, training and other figures of service, each with a definition that says what is counted, of what, and when.
//
// # A table of measures
//
// A [Measure] states its numerator and denominator, what is left out, its unit, which way is better, and the instant to which a fact is
// attributed; its texts are in English and Simplified Chinese ([Measure.Text]). [Standard] has those of Charter's handbooks; a host adds its own with
// [Registry.With]. Which clauses speak of a measure is told by the handbooks (Handbook.Measures of the root package). A table is a value; there is
// no global one.
//
// # Counting
//
// A [Tally] takes records ([Tally.Take]) and counts them by every measure that is computed from their kind: cases with their clocks,
// members of staff and services over a window, problems. Facts without a history (customer master data, counts from another system) go in
// by [Tally.Observe]. A [Grouping] keeps apart periods, tiers, channels, groups and agents, as they were at the instant of the fact;
// [Tally.By] gives up what is not wanted any more. What the history does not say of them, such as the group of a service, is in [Record].Slice.
// What was done about a problem is read by package improvement, with the words of [Options].Improvement.
//
// Tallies merge into exactly the tally that had counted everything, in any order: let each shard, day or machine have its own, send it as
// JSON ([ReadTally]) and merge. Take each record into one of them only.
//
// # Three values
//
// What is not decided yet is neither a hit nor a miss. An open case has no resolution, and one that ended an hour ago may still be
// reopened: such facts are [Pending], and [Row] counts them apart, as it does what the definition leaves out ([Excluded]). Means of times
// know only the cases that have come to their end; where many are pending, they are too short.
//
// A measure without facts has no figure and passes no objective. Whether one is met is a question for [Row.Assess].
//
// # Doubtful data
//
// A rating of 6 on a scale of 5, a training of minus two hours, a case resolved before it was opened: such facts are counted in no figure
// and stand in [Tally.Findings], by code, with the first examples. So do an answer to a question and a case by a channel that no measure of
// the table has. Nothing is rounded, moved or silently left in a denominator. Channel shares that a report prints may sum to 103%; these
// sum to one, or to less by the cases that are findings.
//
// # Memory and cost
//
// A tally holds one small cell for each measure, period and slice in which something happened, whatever the number of facts: under 200
// bytes for a share, and for ratings 8 bytes more for each score of the scale. [Grouping.Quantiles] adds some kilobytes to each mean time.
// Observing a fact costs about as much as counting it in a bare map of two counters with the same keys: 0.9 times as long, with 0.8 times the
// memory, for ten million facts in thirty thousand groups. Merging shards takes about twice as long as adding up such maps. See the
// benchmarks.
//
// A [Registry] is immutable; a [Tally] serves one goroutine at a time. Nothing here reads the clock.
package measure

// Package improvement reads what was done about a problem from its history: who owed what by when, what was done, whether anybody saw that
// the problem is gone, and whether it helped. What the history does not say, or says out of order, is a [Finding]; nothing is guessed.
//
// # What entries say
//
// The history is that of one problem; its case is the id. The entries are read in the order of time, those up to now.
//
//	raised    the first entry of any kind
//	problem   the first field problem, finding, findings or nature of any entry, or content of an entry opened
//	cause     the last field cause of any entry: an investigation may correct the first guess
//	planned   something is owed: a step (the field step, or do without one) with measures, owner and due
//	improved  with a step: it was taken at that instant. Without one: the fields owner and due say whose it all is, and by when
//	reopened  all of it begins anew, and what was verified or seen before counts no more; when it was raised, problem and cause stay
//
// Owner and due hold for what follows until they are said anew, so that a measure that is assigned once need not be assigned at every
// step. An entry improved takes the oldest planned action of its step that is open, and without one stands for an action by itself. What
// an action is, is in the fields measures; without them it is the word of the step. Planned again with the same measures, an action has a new
// owner or due, unless it was overdue by then: that is a finding, and it stays overdue.
//
// The field effect of an entry improved says whether it helped, in words (see [Words]). The fields before and after say it in figures, as hits
// of trials: before=48/80 after=56/70. Any entry improved may have them, with a step or without.
//
// # Steps
//
// Handbooks name three flows for one thing, and [quality.Step] a fourth way of speaking. [Standard] maps their words:
//
//	word                                   step
//	plan, do, check, act                   the same (etiquette/3.2-pdca)
//	identify, analyse, improve, verify     plan, plan, do, check (etiquette/4.2-improvement-flow)
//	record, analyse, define_measures,      plan, plan, plan,
//	implement, verify, keep_improving      do, check, act (etiquette/4.2-improvement-iso)
//	planned, done, checked, verified       plan, do, check, check
//
// Of these, verify and verified say that somebody saw that the problem is gone, unless the same entry says that it did not help: the actor is the
// verifier. They are no action of their own, but take a planned one of the step check. To check is to compare, and closes nothing. A host with other words passes its own table; a word that is in none is a finding, and was not taken.
package improvement

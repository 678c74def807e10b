package improvement

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

// Reading is what a history says of an improvement.
type Reading struct {
	// Improvement is as far as the history tells. Without findings, [quality.Improvement.Validate] has none either.
	Improvement quality.Improvement `json:"improvement"`
	// Carried is when the last action of the step do was done, with all that was planned up to then; zero while something of it is open, or
	// nothing was done.
	Carried time.Time `json:"carried,omitzero"`
	// Findings are by entry, those about the whole first.
	Findings []Finding `json:"findings,omitempty"`
}

// Read reads the history of one problem as of an instant: what happens later has not happened yet. Entries may stand in any order; the history
// is not changed, and text of the reading may share its memory. It takes time in proportion to the entries and, for each, the actions.
func Read(h history.History, words Words, now time.Time) Reading {
	r := reader{words: words.orStandard()}
	r.ID = h.Case
	for _, e := range h.Sorted().Entries {
		switch {
		case e.At.After(now):
		case e.At.IsZero():
			r.found(Finding{Code: CodeUnreadable, Seq: e.Seq, Field: "at"})
		default:
			r.take(&e)
		}
	}
	return r.finish()
}

// reader is a reading while it is made. Problem, cause and whatever else the improvement has are read into the improvement itself.
type reader struct {
	quality.Improvement
	words    Words
	findings []Finding
	any      bool
	// What an action that does not say has: the last owner and due that were said. unclear is whether that due could not be read.
	owner   string
	due     time.Time
	unclear bool
	// By action: the entry that planned it, the one that did it, and whether its deadline could not be read.
	notes      []note
	isVerified bool
	// The entries that verified it and that say the effect.
	verified, seen uint64
}

type note struct {
	planned, done uint64
	unclear       bool
}

func (r *reader) take(e *history.Entry) {
	if !r.any {
		r.any, r.Raised = true, e.At
	}
	for _, f := range e.Fields {
		text := strings.TrimSpace(f.Value)
		switch {
		case f.Key == "cause" && text != "":
			r.Cause = text
		case r.Problem == "" && saysProblem(e.Kind, f.Key):
			r.Problem = text
		}
	}
	switch e.Kind {
	case history.Planned:
		r.plan(e)
	case history.Improved:
		r.improve(e)
	case history.Reopened:
		r.Actions, r.notes, r.Effect = nil, nil, nil
		r.Verified, r.Verifier, r.isVerified = time.Time{}, "", false
	}
}

// saysProblem tells whether a field says what the problem is. Content does where a case begins; elsewhere it is what somebody was told.
func saysProblem(k history.Kind, key string) bool {
	switch key {
	case "problem", "finding", "findings", "nature":
		return true
	}
	return key == "content" && k == history.Opened
}

// assigned reads owner and due, and tells whether either is said.
func (r *reader) assigned(e *history.Entry) bool {
	owner, _ := e.Fields.Get("owner")
	if owner = strings.TrimSpace(owner); owner != "" {
		r.owner = owner
	}
	text, has := e.Fields.Get(history.KeyDue)
	if !has {
		return owner != ""
	}
	var err error
	if r.due, err = history.ParseInstant(text); err != nil {
		r.due = time.Time{}
		r.found(Finding{Code: CodeUnreadable, Seq: e.Seq, Field: history.KeyDue, Value: short(text)})
	}
	r.unclear = err != nil
	return true
}

// step reads the field step, and tells whether it could be read.
func (r *reader) step(e *history.Entry) (word string, m Meaning, ok bool) {
	word, _ = e.Fields.Get("step")
	if m, ok = r.words.Steps[word]; word != "" && !(ok && m.Step >= quality.Plan && m.Step <= quality.Act) {
		r.found(Finding{Code: CodeUnknownStep, Seq: e.Seq, Field: "step", Value: short(word)})
		return word, Meaning{}, false
	}
	return word, m, ok
}

func (r *reader) plan(e *history.Entry) {
	r.assigned(e)
	word, m, ok := r.step(e)
	switch {
	case word == "":
		word, m.Step = quality.Do.String(), quality.Do
	case !ok:
		return
	}
	text := measures(e, word)
	if i := slices.IndexFunc(r.Actions, func(a quality.Action) bool { return a.Done.IsZero() && a.Step == m.Step && a.Text == text }); i >= 0 {
		r.restate(i, e)
		return
	}
	r.act(quality.Action{Step: m.Step, Text: text}, note{planned: e.Seq})
}

// restate gives an open action a new owner and deadline.
func (r *reader) restate(i int, e *history.Entry) {
	a := &r.Actions[i]
	a.Owner = r.owner
	switch {
	case a.Deadline.Equal(r.due) && r.notes[i].unclear == r.unclear:
	case !a.Deadline.IsZero() && e.At.After(a.Deadline):
		r.found(Finding{Code: CodeLateDeadline, Seq: e.Seq, Value: short(a.Text)})
	default:
		a.Deadline, r.notes[i].unclear = r.due, r.unclear
	}
}

func (r *reader) act(a quality.Action, n note) {
	a.Owner, a.Deadline, n.unclear = r.owner, r.due, r.unclear
	r.Actions, r.notes = append(r.Actions, a), append(r.notes, n)
}

func (r *reader) improve(e *history.Entry) {
	said := r.assigned(e)
	word, m, ok := r.step(e)
	if ok {
		r.done(e, word, m)
	}
	effect := r.effect(e)
	if word == "" && !said && effect == nil {
		r.found(Finding{Code: CodeNoStep, Seq: e.Seq})
	}
	if effect != nil {
		if !slices.ContainsFunc(r.Actions, func(a quality.Action) bool { return !a.Done.IsZero() }) {
			r.found(Finding{Code: CodeEarlyEffect, Seq: e.Seq})
		}
		r.Effect, r.seen = effect, e.Seq
	}
	if ok && m.Verified && (effect == nil || effect.Helped != quality.Missed) {
		r.verify(e)
	}
}

// done ends the oldest open action of the step, or one that was not planned. To verify what nobody had to is no action.
func (r *reader) done(e *history.Entry, word string, m Meaning) {
	i := slices.IndexFunc(r.Actions, func(a quality.Action) bool { return a.Done.IsZero() && a.Step == m.Step })
	if i < 0 {
		if m.Verified {
			return
		}
		i = len(r.Actions)
		r.act(quality.Action{Step: m.Step, Text: measures(e, word)}, note{})
	} else if r.Actions[i].Owner == "" {
		r.Actions[i].Owner = r.owner
	}
	r.Actions[i].Done, r.notes[i].done = e.At, e.Seq
}

// effect reads what was seen, or nil if the entry says nothing of it.
func (r *reader) effect(e *history.Entry) *quality.Effect {
	word, has := e.Fields.Get("effect")
	seen := &quality.Effect{Seen: e.At}
	if has {
		helped, known := r.words.Effects[word]
		switch {
		case !known:
			r.found(Finding{Code: CodeUnknownEffect, Seq: e.Seq, Field: "effect", Value: short(word)})
		case helped:
			seen.Helped = quality.Met
		default:
			seen.Helped = quality.Missed
		}
	}
	before, hasBefore := e.Fields.Get("before")
	after, hasAfter := e.Fields.Get("after")
	if !hasBefore && !hasAfter {
		if !has {
			return nil
		}
		return seen
	}
	b, okBefore := share(before)
	a, okAfter := share(after)
	switch {
	case !okBefore:
		r.found(Finding{Code: CodeUnreadable, Seq: e.Seq, Field: "before", Value: short(before)})
	case !okAfter:
		r.found(Finding{Code: CodeUnreadable, Seq: e.Seq, Field: "after", Value: short(after)})
	default:
		seen.Change = quality.Change{Before: b, After: a}
	}
	return seen
}

// share reads hits of trials, such as 48/80.
func share(text string) (quality.Proportion, bool) {
	left, right, _ := strings.Cut(text, "/")
	hits, err := strconv.ParseUint(left, 10, 64)
	if err != nil {
		return quality.Proportion{}, false
	}
	trials, err := strconv.ParseUint(right, 10, 64)
	if err != nil {
		return quality.Proportion{}, false
	}
	p, err := quality.NewProportion(hits, trials)
	return p, err == nil
}

// verify keeps the first verification; what comes after it changes nothing but by a reopening.
func (r *reader) verify(e *history.Entry) {
	if r.isVerified {
		return
	}
	r.isVerified, r.verified = true, e.Seq
	r.Verified, r.Verifier = e.At, strings.TrimSpace(e.Actor.ID)
	if r.Verifier == "" {
		r.found(Finding{Code: CodeNoVerifier, Seq: e.Seq})
	}
}

// finish holds the whole against itself.
func (r *reader) finish() Reading {
	whole := func(code Code) { r.found(Finding{Code: code}) }
	if strings.TrimSpace(r.ID) == "" {
		whole(CodeNoID)
	}
	if !r.any {
		whole(CodeNothing)
		return Reading{Improvement: r.Improvement, Findings: r.findings}
	}
	if r.Problem == "" {
		whole(CodeNoProblem)
	}
	if r.Cause == "" {
		whole(CodeNoCause)
	}
	if len(r.Actions) == 0 {
		whole(CodeNoAction)
	}
	for i := range r.Actions {
		r.check(i)
	}
	if e := r.Effect; e != nil && e.Helped == quality.Missed && r.isVerified {
		r.found(Finding{Code: CodeNoHelp, Seq: r.seen, Other: r.verified})
	}
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		switch {
		case a.Seq < b.Seq:
			return -1
		case a.Seq > b.Seq:
			return 1
		}
		return strings.Compare(string(a.Code), string(b.Code))
	})
	return Reading{Improvement: r.Improvement, Carried: r.carried(), Findings: r.findings}
}

func (r *reader) check(i int) {
	a, n := r.Actions[i], r.notes[i]
	seq := n.planned
	if seq == 0 {
		seq = n.done
	}
	if a.Owner == "" {
		r.found(Finding{Code: CodeNoOwner, Seq: seq, Value: short(a.Text)})
	}
	switch {
	case a.Deadline.IsZero() && !n.unclear:
		r.found(Finding{Code: CodeNoDeadline, Seq: seq, Value: short(a.Text)})
	case !a.Deadline.IsZero() && a.Deadline.Before(r.Raised):
		r.found(Finding{Code: CodeEarlyDeadline, Seq: seq, Value: short(a.Text)})
	}
	if r.isVerified && a.Step < quality.Act && (a.Done.IsZero() || a.Done.After(r.Verified)) {
		r.found(Finding{Code: CodeOpen, Seq: r.verified, Other: max(n.done, n.planned)})
	}
	if a.Done.IsZero() {
		return
	}
	for j, b := range r.Actions {
		if b.Step < a.Step && (b.Done.IsZero() || a.Done.Before(b.Done)) {
			r.found(Finding{Code: CodeOutOfOrder, Seq: n.done, Value: short(a.Text), Other: max(r.notes[j].done, r.notes[j].planned)})
			return
		}
	}
}

func (r *reader) carried() (last time.Time) {
	for _, a := range r.Actions {
		switch {
		case a.Step > quality.Do:
		case a.Done.IsZero():
			return time.Time{}
		case a.Step == quality.Do && a.Done.After(last):
			last = a.Done
		}
	}
	return last
}

func (r *reader) found(f Finding) { r.findings = append(r.findings, f) }

// measures is what an action is, or the word of its step.
func measures(e *history.Entry, word string) string {
	var parts []string
	for text := range e.Fields.All("measures") {
		if text = strings.TrimSpace(text); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return word
	}
	return strings.Join(parts, "; ")
}

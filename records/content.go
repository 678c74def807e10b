package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// ErrContent is matched by every error of [Content.Validate].
var ErrContent = errors.New("records: malformed demand on content")

// Content is what one clause says a record has to hold: which entries, with which fields. It makes clauses decidable that say what is filed, classified or
// logged, and in what order.
type Content struct {
	Clause  string        `json:"clause"`
	Classes []string      `json:"classes,omitempty"` // record classes; empty: every class
	When    sla.Condition `json:"when,omitempty"`
	// After is the entry from which on it is owed; the zero Match owes it from the beginning.
	After sla.Match `json:"after,omitzero"`
	// Before demands that what is held happened no later than the first entry of After: an examination before the post.
	Before bool `json:"before,omitempty"`
	// Holds are the demands. Of each at least one entry has to be there that one of its matches selects.
	Holds [][]sla.Match `json:"holds,omitempty"`
	// Actors demands that every entry names who did it.
	Actors bool `json:"actors,omitempty"`
}

// UnmarshalJSON reads a demand and refuses members that it does not have: a misspelt condition is none.
func (c *Content) UnmarshalJSON(data []byte) error {
	type plain Content
	var p plain
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return fmt.Errorf("%w: %w", ErrContent, err)
	}
	*c = Content(p)
	return nil
}

// Validate tells what is wrong with a demand: no clause, nothing demanded, an empty demand, an order without an After. The error matches [ErrContent].
func (c Content) Validate() error {
	problem := ""
	switch {
	case c.Clause == "":
		problem = "no clause"
	case len(c.Holds) == 0 && !c.Actors:
		problem = "it demands nothing"
	case c.Before && c.After.Kind == "":
		problem = "before what?"
	case slices.ContainsFunc(c.Holds, func(any []sla.Match) bool {
		return len(any) == 0 || slices.ContainsFunc(any, func(m sla.Match) bool { return m.Kind == "" })
	}):
		problem = "a demand without an entry"
	}
	if problem != "" {
		return fmt.Errorf("%w of %q: %s", ErrContent, clip(c.Clause), problem)
	}
	if _, err := c.When.MarshalJSON(); err != nil {
		return fmt.Errorf("%w of %q: %w", ErrContent, clip(c.Clause), err)
	}
	return nil
}

// State says how a record stands to a demand on its content.
type State string

// The states.
const (
	Elsewhere  State = "elsewhere"  // the clause does not speak of this record
	Unknown    State = "unknown"    // whether it does depends on an attribute that the record lacks
	Pending    State = "pending"    // nothing is owed yet
	Complete   State = "complete"   // the record holds what it must
	Incomplete State = "incomplete" // it does not
)

// Holding is how a record stands to a demand, and what it lacks.
type Holding struct {
	Clause  string
	State   State
	Missing []string // the demands that are not met, as [sla.Match] writes them
	// Nameless are the numbers of the entries that name nobody.
	Nameless []uint64
}

// Check holds a record to the demand. The entries may stand in any order. A malformed demand gives [Unknown].
func (c Content) Check(r Record) Holding {
	h := Holding{Clause: c.Clause, State: Unknown}
	if c.Validate() != nil {
		return h
	}
	entries := r.History.Sorted().Entries
	attributes := attributesOf(entries)
	switch {
	case len(c.Classes) > 0 && !slices.Contains(c.Classes, r.Class):
		h.State = Elsewhere
		return h
	case attributes.meet(c.When) != yes:
		if attributes.meet(c.When) == no {
			h.State = Elsewhere
		}
		return h
	}
	if c.After.Kind != "" {
		first := slices.IndexFunc(entries, func(e history.Entry) bool { return c.After.Matches(&e) })
		if first < 0 {
			h.State = Pending
			return h
		}
		if c.Before {
			entries = entries[:first+1]
		}
	}
	for _, any := range c.Holds {
		if !slices.ContainsFunc(entries, func(e history.Entry) bool {
			return slices.ContainsFunc(any, func(m sla.Match) bool { return m.Matches(&e) })
		}) {
			words := make([]string, len(any))
			for i, m := range any {
				words[i] = m.String()
			}
			h.Missing = append(h.Missing, strings.Join(words, " / "))
		}
	}
	if c.Actors {
		for i := range entries {
			if entries[i].Actor.ID == "" {
				h.Nameless = append(h.Nameless, entries[i].Seq)
			}
		}
	}
	h.State = Complete
	if len(h.Missing)+len(h.Nameless) > 0 {
		h.State = Incomplete
	}
	return h
}

// String says it in English.
func (h Holding) String() string { return h.Text("en") }

// Text says it in the language of a BCP 47 tag: Simplified Chinese for "zh" and whatever begins with "zh-", English for all others.
func (h Holding) Text(language string) string {
	lacks, nameless := "; lacks ", "; entries without an actor: "
	states := map[State]string{}
	if history.IsChinese(language) {
		lacks, nameless = "；缺少", "；未写明操作人的记录："
		states = map[State]string{Elsewhere: "不适用", Unknown: "无法判断", Pending: "尚未到期", Complete: "完整", Incomplete: "不完整"}
	}
	state, ok := states[h.State]
	if !ok {
		state = string(h.State)
	}
	text := h.Clause + ": " + state
	if len(h.Missing) > 0 {
		text += lacks + strings.Join(h.Missing, ", ")
	}
	if len(h.Nameless) > 0 {
		text += nameless + strings.Trim(fmt.Sprint(h.Nameless), "[]")
	}
	return text
}

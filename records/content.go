package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/servicecharter/charter/sla"
)

// ErrContent is matched by every error of [Content.Validate] and of decoding a [Content].
var ErrContent = errors.New("records: malformed demand on content")

// Content is what one clause says a record has to hold: which entries, with which fields, in what order. It makes clauses decidable that say what is filed,
// classified, taught or logged. The zero Content demands nothing and is malformed.
//
// It knows no limit in time: what is owed is owed as soon as On has happened. For limits see package sla.
type Content struct {
	// Clause is the id of the clause.
	Clause string `json:"clause,omitempty"`
	// Classes are the record classes it speaks of; empty: every class.
	Classes []string `json:"classes,omitempty"`
	// When limits it to records with some attributes, as they last stood; empty: all.
	When sla.Condition `json:"when,omitempty"`
	// On is the entry with which it is owed; the zero Match owes it with the first entry of the record, whatever that is.
	On sla.Match `json:"on,omitzero"`
	// Where says where, seen from On, what is held has to stand.
	Where Where `json:"where,omitempty"`
	// Holds are the demands. Of each, an entry has to be there that one of its matches selects. One entry may answer several.
	Holds [][]sla.Match `json:"holds,omitempty"`
	// Ordered wants for each demand an entry that stands behind the one before: other entries may lie between, and an early one may come again.
	Ordered bool `json:"ordered,omitempty"`
	// Actors demands that every entry of the record names who did it; with Itself, every entry of On.
	Actors bool `json:"actors,omitempty"`
	// Words are about what the entries of On say.
	Words Words `json:"words,omitzero"`
	// Advised marks a recommendation.
	Advised bool `json:"advised,omitempty"`
}

// Where says where an entry stands.
type Where string

// The places, seen from the entries that [Content].On selects. Entries are ordered by when they happened, at one instant by number.
const (
	Anywhere Where = ""       // anywhere in the record
	Before   Where = "before" // no later than the first of them: an examination before the post
	Later    Where = "later"  // behind each of them: training after every failure
	Itself   Where = "itself" // each of them is such an entry: every rating on the scale of five
)

// Words are phrases that a field has or has not. A phrase is found wherever its characters stand in the value, as they are: as a part of a longer word too,
// and upper case apart from lower case.
type Words struct {
	Field string `json:"field"`
	// Any: at least one of the entries has one of these.
	Any []string `json:"any,omitempty"`
	// None: no entry has any of these.
	None []string `json:"none,omitempty"`
}

// IsZero reports whether nothing is said of words.
func (w Words) IsZero() bool { return w.Field == "" && w.Any == nil && w.None == nil }

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

// Validate tells what is wrong with a demand, the first thing only. The error matches [ErrContent] and names the clause.
func (c Content) Validate() error {
	problem := c.problem()
	if problem != "" {
		return fmt.Errorf("%w of %q: %s", ErrContent, clip(c.Clause), problem)
	}
	if err := c.When.Validate(); err != nil {
		return fmt.Errorf("%w of %q: %w", ErrContent, clip(c.Clause), err)
	}
	return nil
}

func (c *Content) problem() string {
	blank := func(texts []string) bool { return slices.Contains(texts, "") }
	switch {
	case c.Clause == "":
		return "no clause"
	case blank(c.Classes):
		return "a class without a name"
	case len(c.Holds) == 0 && !c.Actors && c.Words.IsZero():
		return "it demands nothing"
	case !slices.Contains([]Where{Anywhere, Before, Later, Itself}, c.Where):
		return fmt.Sprintf("where is %q?", clip(string(c.Where)))
	case c.Where != Anywhere && c.On.Kind == "":
		return string(c.Where) + ", seen from what? it has no on"
	case c.Where != Anywhere && len(c.Holds) == 0 && !(c.Where == Itself && c.Actors):
		return "it says where, but not what"
	case c.On.Kind == "" && len(c.On.Fields) > 0:
		return "fields of no entry"
	case slices.ContainsFunc(c.Holds, func(any []sla.Match) bool {
		return len(any) == 0 || slices.ContainsFunc(any, func(m sla.Match) bool { return m.Kind == "" })
	}):
		return "a demand without an entry"
	case c.Ordered && (len(c.Holds) < 2 || c.Where == Itself):
		return "an order needs two entries"
	case c.Words.IsZero():
		return ""
	case c.On.Kind == "":
		return "words of what? it has no on"
	case c.Words.Field == "":
		return "words of no field"
	case len(c.Words.Any)+len(c.Words.None) == 0:
		return "no words"
	case blank(c.Words.Any) || blank(c.Words.None):
		return "an empty phrase"
	}
	return ""
}

package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/servicecharter/charter/sla"
)

// ErrHold is matched by every error of [Hold.Check] and of decoding a [Hold].
var ErrHold = errors.New("records: malformed hold")

// Hold is a named set of records that may not be disposed of while it stands: for a lawsuit, an inquiry, an audit. It freezes disposal and nothing
// else. The periods of the records run on, so that what has become due meanwhile is due at once on release, and no period ever begins
// anew. A record may be in several holds and is free when all are released.
type Hold struct {
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`

	// What is held: these records, all of these classes, all whose attributes meet the condition, or simply everything. A record is held if any of
	// them names it. A record that lacks an attribute of the condition is held too.
	Records    []string      `json:"records,omitempty"`
	Classes    []string      `json:"classes,omitempty"`
	When       sla.Condition `json:"when,omitempty"`
	Everything bool          `json:"everything,omitempty"`

	Placed   time.Time `json:"placed"`
	PlacedBy string    `json:"placed_by,omitempty"`
	// Released is when it ended; zero: it stands.
	Released   time.Time `json:"released,omitzero"`
	ReleasedBy string    `json:"released_by,omitempty"`
}

// UnmarshalJSON reads a hold and refuses members that it does not have: misspelt classes hold nothing. The error matches [ErrHold].
func (h *Hold) UnmarshalJSON(data []byte) error {
	type plain Hold
	var p plain
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return fmt.Errorf("%w: %w", ErrHold, err)
	}
	*h = Hold(p)
	return nil
}

// Check tells what is wrong with a hold: no name; nothing held, or a record or class without a name; a condition that is malformed or that no
// record can meet; never placed, or released before it was placed. The error matches [ErrHold]. [Schedule.Decide] takes a malformed hold for one that stands and holds everything.
func (h Hold) Check() error {
	problem := ""
	switch {
	case h.Name == "":
		problem = "no name"
	case len(h.Records) == 0 && len(h.Classes) == 0 && len(h.When) == 0 && !h.Everything:
		problem = "it holds nothing; say everything if all is meant"
	case slices.Contains(h.Records, ""):
		problem = "a record without an id"
	case slices.Contains(h.Classes, ""):
		problem = "a class without a name"
	case h.Placed.IsZero():
		problem = "no instant at which it was placed"
	case !h.Released.IsZero() && h.Released.Before(h.Placed):
		problem = "released before it was placed"
	}
	if problem != "" {
		return fmt.Errorf("%w %q: %s", ErrHold, clip(h.Name), problem)
	}
	if len(h.When) == 0 {
		return nil
	}
	if _, err := h.When.MarshalJSON(); err != nil {
		return fmt.Errorf("%w %q: %w", ErrHold, clip(h.Name), err)
	}
	if !together(h.When, h.When) {
		return fmt.Errorf("%w %q: no record is such that %s", ErrHold, clip(h.Name), clip(h.When.String()))
	}
	return nil
}

// stands tells whether the hold is in force at an instant. The instant of release is free.
func (h *Hold) stands(now time.Time) bool {
	return !now.Before(h.Placed) && (h.Released.IsZero() || now.Before(h.Released))
}

// covers tells whether a record is in the hold; one of which that cannot be told is.
func (h *Hold) covers(id, class string, attributes values) bool {
	return h.Everything || slices.Contains(h.Records, id) || slices.Contains(h.Classes, class) ||
		len(h.When) > 0 && attributes.meet(h.When) != no
}

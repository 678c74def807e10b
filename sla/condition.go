package sla

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrCondition is matched by every error that a malformed [Condition] causes.
var ErrCondition = errors.New("sla: malformed condition")

// Condition limits a target to some cases: every term must hold. The empty
// Condition holds for every case.
//
// Its JSON form is an object from attribute to value, values or exception:
//
//	{"tier": "urgent", "class": ["outage", "fault"], "complexity": {"not": "complex"}}
//
// A condition has three outcomes. A term that names an attribute which the
// case does not have (yet) leaves the outcome unknown, and the clock is not
// evaluable until the attribute is known; only a "not" term holds for a case
// without the attribute, because a text that excepts complex cases speaks of
// every case that nobody calls complex.
type Condition []Term

// Term is one part of a [Condition]: the attribute has one of the values or,
// with Not, none of them. An attribute with several values (tags) has each.
type Term struct {
	Attribute string
	Values    []string
	Not       bool
}

// Is returns the term that the attribute has one of the values.
func Is(attribute string, values ...string) Term { return Term{attribute, values, false} }

// IsNot returns the term that the attribute has none of the values.
func IsNot(attribute string, values ...string) Term { return Term{attribute, values, true} }

// Validate tells what is wrong with a condition, the first thing only: a term
// without an attribute or without a value, or two that say the same of one
// attribute. The error matches [ErrCondition]. The empty condition is sound.
func (c Condition) Validate() error {
	type subject struct {
		attribute string
		not       bool
	}
	var seen map[subject]bool
	if len(c) > 1 { // most have one term, and nothing to be remembered
		seen = make(map[subject]bool, len(c))
	}
	for _, t := range c {
		of := subject{t.Attribute, t.Not}
		switch {
		case t.Attribute == "":
			return fmt.Errorf("%w: a term without an attribute", ErrCondition)
		case len(t.Values) == 0 || slices.Contains(t.Values, ""):
			return fmt.Errorf("%w: attribute %s without a value", ErrCondition, t.Attribute)
		case seen[of]:
			return fmt.Errorf("%w: attribute %s stands twice", ErrCondition, t.Attribute)
		}
		if seen != nil {
			seen[of] = true
		}
	}
	return nil
}

// String renders the condition for people: "tier is urgent, complexity is not
// complex", or "every case".
func (c Condition) String() string {
	if len(c) == 0 {
		return "every case"
	}
	parts := make([]string, len(c))
	for i, t := range c {
		verb := " is "
		if t.Not {
			verb = " is not "
		}
		parts[i] = t.Attribute + verb + strings.Join(t.Values, " or ")
	}
	return strings.Join(parts, ", ")
}

// MarshalJSON writes the object form, attributes in the order of the terms.
func (c Condition) MarshalJSON() ([]byte, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteByte('{')
	for i, t := range c {
		if i > 0 {
			b.WriteByte(',')
		}
		var value any = t.Values
		if len(t.Values) == 1 {
			value = t.Values[0]
		}
		if t.Not {
			value = map[string]any{"not": value}
		}
		k, err := json.Marshal(t.Attribute)
		if err != nil {
			return nil, err
		}
		v, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads the object form and keeps the order of the attributes.
// The error matches [ErrCondition]. null is an error too, not the condition
// of every case, and so is an attribute without a value: a blank condition
// must not beat a default.
func (c *Condition) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	tok, err := dec.Token()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCondition, err)
	}
	if tok != json.Delim('{') {
		return fmt.Errorf("%w: want an object from attribute to value", ErrCondition)
	}
	var out Condition
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCondition, err)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return fmt.Errorf("%w: %w", ErrCondition, err)
		}
		t := Term{Attribute: key.(string)}
		var not struct {
			Not json.RawMessage `json:"not"`
		}
		if len(raw) > 0 && raw[0] == '{' {
			strict := json.NewDecoder(bytes.NewReader(raw))
			strict.DisallowUnknownFields()
			if err := strict.Decode(&not); err != nil || not.Not == nil {
				return fmt.Errorf("%w: attribute %s: want {\"not\": …}", ErrCondition, t.Attribute)
			}
			t.Not, raw = true, not.Not
		}
		if err := json.Unmarshal(raw, &t.Values); err != nil {
			var one string
			if json.Unmarshal(raw, &one) != nil {
				return fmt.Errorf("%w: attribute %s: want a text or a list of texts", ErrCondition, t.Attribute)
			}
			t.Values = []string{one}
		}
		out = append(out, t)
	}
	// The closing brace, and nothing after it.
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("%w: %w", ErrCondition, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("%w: text after the object", ErrCondition)
	}
	if err := out.Validate(); err != nil {
		return err
	}
	*c = out
	return nil
}

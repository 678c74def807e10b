package charter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/servicecharter/charter/quality"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Handbook is a versioned set of clauses with the attributes and roles they
// speak of. [ParseHandbook] and [Handbook.Amend] make one. It never changes,
// so any number of goroutines may use it; what its methods return shares
// memory with it and is not to be changed. The zero Handbook has no clauses, and
// a nil one is like it.
type Handbook struct {
	id, version, sector string
	title, source       Text
	// zone is the IANA zone of the civil dates; empty is UTC.
	zone       string
	location   *time.Location
	attributes attributes
	roles      []Role
	settings   []Settings
	// clauses holds all versions, those of one clause side by side, oldest
	// first; versions tells where.
	clauses  []Clause
	versions map[string]stretch
	patches  []Applied

	cases, duties compiled

	coursesOnce sync.Once
	courses     []course

	demandsOnce sync.Once
	demands     []demand
	classed     []string // record classes that are spoken of at any time
}

// stretch is a part of a slice.
type stretch struct{ from, to int }

// Applied is a patch that was put on a handbook.
type Applied struct {
	// Base is the digest of the handbook before.
	Base   string `json:"base"`
	Reason string `json:"reason"`
	By     string `json:"by,omitempty"`
	// Changes counts them.
	Changes int `json:"changes"`
}

// Pin names one state of one handbook, for a [Patch] to stand on.
type Pin struct {
	Handbook string `json:"handbook"`
	Version  string `json:"version"`
	Digest   string `json:"digest"`
}

// orZero lets a nil Handbook do as the zero one: nothing in it panics.
func (h *Handbook) orZero() *Handbook {
	if h == nil {
		return &Handbook{}
	}
	return h
}

// ID returns the handbook's id, such as "standard".
func (h *Handbook) ID() string { return h.orZero().id }

// Version returns the edition, such as "2025". Amendments do not change it;
// [Handbook.Digest] tells amended handbooks apart.
func (h *Handbook) Version() string { return h.orZero().version }

// Title returns the title.
func (h *Handbook) Title() Text { return h.orZero().title }

// Sector returns the sector of business: "general", "telecom", "enterprise".
func (h *Handbook) Sector() string { return h.orZero().sector }

// Source tells what document the handbook restates.
func (h *Handbook) Source() Text { return h.orZero().source }

// Location returns the zone in which effective dates are civil dates: the one
// the handbook declares, or UTC.
func (h *Handbook) Location() *time.Location {
	if h == nil || h.location == nil {
		return time.UTC
	}
	return h.location
}

// Attributes yields the declared attributes in their order.
func (h *Handbook) Attributes() iter.Seq[Attribute] { return slices.Values(h.orZero().attributes) }

// Attribute returns the declaration of an attribute.
func (h *Handbook) Attribute(name string) (Attribute, bool) {
	if a := h.orZero().attributes.find(name); a != nil {
		return *a, true
	}
	return Attribute{}, false
}

// Value returns the id of the value of an attribute that is printed with this
// word: 紧急 of tier is "urgent". The ids themselves are understood too. Words
// are compared as they are. Some words mean different values for different
// kinds of case; ok is false for such a word, unless the kind of the case is
// given, and for a word that nothing declares.
func (h *Handbook) Value(attribute, word string, kind ...string) (id string, ok bool) {
	a := h.orZero().attributes.find(attribute)
	if a == nil {
		return "", false
	}
	if a.value(word) != nil {
		return word, true
	}
	of := ""
	if len(kind) > 0 {
		of = kind[0]
	}
	for i := range a.Values {
		if v := &a.Values[i]; v.of(of) && slices.Contains(v.Words, word) {
			if ok {
				return "", false
			}
			id, ok = v.ID, true
		}
	}
	return id, ok
}

// Role returns the declared role of an id.
func (h *Handbook) Role(id string) (Role, bool) {
	roles := h.orZero().roles
	i := slices.IndexFunc(roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, false
	}
	return roles[i], true
}

// Roles yields the declared roles in their order.
func (h *Handbook) Roles() iter.Seq[Role] { return slices.Values(h.orZero().roles) }

// Settings yields the versions of hours, pauses, semantics and evidence, oldest
// first.
func (h *Handbook) Settings() iter.Seq[Settings] { return slices.Values(h.orZero().settings) }

// Patches yields the patches that made the handbook, oldest first.
func (h *Handbook) Patches() iter.Seq[Applied] { return slices.Values(h.orZero().patches) }

// Clauses yields the latest version of every clause, in the order of the
// handbook. A clause that was dropped is among them, with its end in
// Effective.To.
func (h *Handbook) Clauses() iter.Seq[Clause] {
	h = h.orZero()
	return func(yield func(Clause) bool) {
		for i := range h.clauses {
			if h.isLatest(i) && !yield(h.clauses[i]) {
				return
			}
		}
	}
}

func (h *Handbook) isLatest(i int) bool {
	return i+1 == len(h.clauses) || h.clauses[i+1].ID != h.clauses[i].ID
}

// Clause returns the latest version of a clause.
func (h *Handbook) Clause(id string) (Clause, bool) {
	h = h.orZero()
	v, ok := h.versions[id]
	if !ok {
		return Clause{}, false
	}
	return h.clauses[v.to-1], true
}

// Versions yields all versions of a clause, oldest first.
func (h *Handbook) Versions(id string) iter.Seq[Clause] {
	h = h.orZero()
	v := h.versions[id]
	return slices.Values(h.clauses[v.from:v.to])
}

// InForce yields the clauses in force at an instant, in the version that is.
func (h *Handbook) InForce(t time.Time) iter.Seq[Clause] {
	return h.orZero().inForce(dateIn(t, h.Location()))
}

func (h *Handbook) inForce(on calendar.Date) iter.Seq[Clause] {
	return func(yield func(Clause) bool) {
		for i := range h.clauses {
			if h.clauses[i].Effective.Holds(on) && !yield(h.clauses[i]) {
				return
			}
		}
	}
}

func dateIn(t time.Time, loc *time.Location) calendar.Date {
	y, m, d := t.In(loc).Date()
	return calendar.Date{Year: y, Month: m, Day: d}
}

// Pin names this very state of the handbook.
func (h *Handbook) Pin() Pin { return Pin{h.ID(), h.Version(), h.Digest()} }

// Digest returns "sha256:" and the SHA-256 of [Handbook.MarshalJSON] in
// hexadecimal: two handbooks with one digest are equal. It costs an encoding.
func (h *Handbook) Digest() string {
	text, err := h.MarshalJSON()
	if err != nil {
		// What was parsed or amended can be encoded; only then is there a digest.
		return ""
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

type handbookJSON struct {
	Schema     string         `json:"$schema"`
	ID         string         `json:"id"`
	Version    string         `json:"version"`
	Title      Text           `json:"title"`
	Sector     string         `json:"sector,omitempty"`
	Source     Text           `json:"source,omitzero"`
	Zone       string         `json:"zone,omitempty"`
	Attributes attributes     `json:"attributes,omitempty"`
	Roles      []Role         `json:"roles,omitempty"`
	Patches    []Applied      `json:"patches,omitempty"`
	Settings   []settingsJSON `json:"settings,omitempty"`
	Clauses    []clauseJSON   `json:"clauses"`
}

type clauseJSON struct {
	ID           string                `json:"id"`
	Section      string                `json:"section,omitempty"`
	Subject      Subject               `json:"subject"`
	Kind         Kind                  `json:"kind"`
	Check        Check                 `json:"check"`
	Text         Text                  `json:"text"`
	Source       string                `json:"source,omitempty"`
	Effective    Effective             `json:"effective,omitzero"`
	When         sla.Condition         `json:"when,omitempty"`
	Rule         Rule                  `json:"rule,omitempty"`
	Measures     []string              `json:"measures,omitempty"`
	Consequences []quality.Consequence `json:"consequences,omitempty"`
	Lifecycle    Lifecycle             `json:"lifecycle,omitzero"`
	Content      []records.Content     `json:"content,omitempty"`
	Notes        Text                  `json:"notes,omitzero"`
	Conflicts    []string              `json:"conflicts,omitempty"`
	Amended      []Amendment           `json:"amended,omitempty"`
}

// MarshalJSON writes the handbook in the format that [ParseHandbook] reads,
// history of amendments included: on one line, every field in its fixed place,
// so that equal handbooks give equal bytes.
func (h *Handbook) MarshalJSON() ([]byte, error) {
	h = h.orZero()
	out := handbookJSON{
		Schema: schemaName, ID: h.id, Version: h.version, Title: h.title, Sector: h.sector, Source: h.source, Zone: h.zone,
		Attributes: h.attributes, Roles: h.roles, Patches: h.patches,
		Settings: make([]settingsJSON, len(h.settings)), Clauses: make([]clauseJSON, len(h.clauses)),
	}
	for i := range h.settings {
		s := &h.settings[i]
		out.Settings[i] = s.form()
	}
	for i, c := range h.clauses {
		out.Clauses[i] = clauseJSON(c)
	}
	return marshal(out)
}

// MarshalJSON writes the clause as it stands in a handbook.
func (c Clause) MarshalJSON() ([]byte, error) { return marshal(clauseJSON(c)) }

// marshal is json.Marshal without escapes for HTML, which would make Chinese
// handbooks no worse but comparisons such as "<=" unreadable.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

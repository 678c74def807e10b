package charter

import (
	"fmt"
	"maps"
	"slices"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Settings is one version of what a host adds to the clauses as a whole:
// hours, pauses, semantics and evidence. No handbook of ours states any of them.
type Settings struct {
	Effective Effective
	// Calendars are by name; "" is the main one, on which a clause that names
	// none counts business hours and working days.
	Calendars map[string]calendar.Spec
	// Pauses says, by metric, which entries hold its clocks, such as
	// held[reason=customer|vendor]. They go on with the entry resumed. What is
	// not listed never pauses: the pauses of sla.StandardMetrics are not used
	// here, because no handbook prints one. A case that was on hold while
	// nothing pauses gives the finding [CodeNoPause].
	Pauses map[string][]sla.Match
	// Semantics decides what texts leave open.
	Semantics sla.Semantics
	// Provides lists the kinds of entries that the host records at all, such as
	// those for which its table has a column; nil means every kind. A clause
	// that can never start or stop without a kind that is not listed is not
	// evaluable, and says for want of what. Without the list such a clause
	// counts as breached as soon as its time is over: "answered and checked
	// within ten minutes" by every case of a table without a column for
	// checked. [Handbook.Needs] tells what a clause waits for.
	Provides []history.Kind
	// Amended tells which changes made this version, in their order.
	Amended []Amendment

	// compiled holds Calendars as they were built when they were checked.
	compiled map[string]*calendar.Calendar
}

func (s Settings) clone() Settings {
	s.Calendars, s.Pauses, s.compiled = maps.Clone(s.Calendars), maps.Clone(s.Pauses), maps.Clone(s.compiled)
	s.Provides, s.Amended = slices.Clone(s.Provides), slices.Clone(s.Amended)
	return s
}

type settingsJSON struct {
	Effective Effective                `json:"effective,omitzero"`
	Calendars map[string]calendar.Spec `json:"calendars,omitempty"`
	Pauses    map[string][]sla.Match   `json:"pauses,omitempty"`
	Semantics sla.Semantics            `json:"semantics,omitzero"`
	Provides  []history.Kind           `json:"provides,omitempty"`
	Amended   []Amendment              `json:"amended,omitempty"`
}

func (r *reader) settings(v at) (s Settings) {
	o := r.object(v, "effective", "calendars", "pauses", "semantics", "provides", "amended")
	s.Effective = o.effective()
	if c, ok := o.get("calendars"); ok {
		s.Calendars, s.compiled = map[string]calendar.Spec{}, map[string]*calendar.Calendar{}
		r.each(c, func(name string, v at) {
			s.Calendars[name], s.compiled[name] = r.calendar(v)
		})
	}
	if p, ok := o.get("pauses"); ok {
		s.Pauses = map[string][]sla.Match{}
		r.each(p, func(metric string, v at) {
			if _, ok := sla.StandardMetric(metric); !ok {
				r.fail(v, "%w: %w: %q", ErrValue, errMetric, clip(metric))
			}
			s.Pauses[metric] = items(r, v, parsed[sla.Match])
		})
	}
	if x, ok := o.get("semantics"); ok {
		s.Semantics = r.semantics(x)
	}
	s.Provides = o.entryKinds("provides")
	s.Amended = list(o, "amended", (*reader).amendment)
	return s
}

// entryKinds reads a list of kinds of entries, each once.
func (o object) entryKinds(name string) []history.Kind {
	seen := map[history.Kind]bool{}
	return list(o, name, func(r *reader, v at) history.Kind {
		k := history.Kind(r.text(v))
		if seen[k] && k != "" {
			r.fail(v, "%w: %q", ErrDuplicate, clip(string(k)))
		}
		seen[k] = true
		return k
	})
}

// each walks an object whose keys are names.
func (r *reader) each(v at, visit func(name string, v at)) {
	if v.kind != '{' {
		r.fail(v, "%w: want an object, not %s", ErrType, v.is())
		return
	}
	for i := range v.members {
		m := &v.members[i]
		visit(m.name, at{&m.value, join(v.path, m.name)})
	}
}

func (r *reader) semantics(v at) (s sla.Semantics) {
	o := r.object(v, "close", "retarget", "reopen", "message", "response", "rounding", "revise")
	o.parse("close", &s.Close)
	o.parse("retarget", &s.Retarget)
	o.parse("reopen", &s.Reopen)
	o.parse("message", &s.Message)
	o.parse("response", &s.Response)
	o.parse("rounding", &s.Rounding)
	o.parse("revise", &s.Revise)
	return s
}

// maxCalendars bounds the work of building calendars, parts of combinations
// included.
const maxCalendars = 64

// calendar reads and builds a calendar. One that stands in several versions is
// built once.
func (r *reader) calendar(v at) (calendar.Spec, *calendar.Calendar) {
	before := len(r.faults)
	text := string(v.canonical(nil))
	if c := r.calendars[text]; c != nil {
		return c.Spec(), c
	}
	spec := r.spec(v)
	if len(r.faults) > before {
		return spec, nil
	}
	c, err := calendar.New(spec)
	if err != nil {
		r.fail(v, "%w: %w", ErrValue, err)
		return spec, nil
	}
	if r.calendars == nil {
		r.calendars = map[string]*calendar.Calendar{}
	}
	r.calendars[text] = c
	return spec, c
}

func (r *reader) spec(v at) (s calendar.Spec) {
	if r.specs++; r.specs > maxCalendars {
		r.fail(v, "%w: more than %d calendars", ErrTooLarge, maxCalendars)
		return s
	}
	o := r.object(v, "name", "zone", "hours", "days", "makeUp", "published", "from", "to", "anyOf", "allOf")
	s.Name, s.MakeUp = o.text("name"), o.text("makeUp")
	// A combination may leave its zone empty, and is written so.
	if z, ok := o.get("zone"); ok && (z.kind != '"' || z.node.text != "") {
		s.Zone = r.text(z)
	}
	o.parse("hours", &s.Hours)
	o.parse("published", &s.Published)
	s.From, s.To = o.whole("from"), o.whole("to")
	s.Days = list(o, "days", (*reader).day)
	s.AnyOf, s.AllOf = list(o, "anyOf", (*reader).spec), list(o, "allOf", (*reader).spec)
	return s
}

func (r *reader) day(v at) (d calendar.Day) {
	o := r.object(v, "date", "name", "off", "hours")
	if _, ok := o.need("date"); ok {
		o.parse("date", &d.Date)
	}
	d.Name, d.Off = o.text("name"), o.flag("off")
	d.Hours = list(o, "hours", parsed[calendar.Hours])
	if o.ok && !o.has("off") && !o.has("hours") {
		r.fail(v, "%w: a day says off or hours", ErrMissing)
	}
	return d
}

// inForce returns the settings that hold on a date; none declared are the
// zero Settings.
func inForce(versions []Settings, on calendar.Date) Settings {
	for i := range versions {
		if versions[i].Effective.Holds(on) {
			return versions[i]
		}
	}
	return Settings{}
}

// checkOrder tells what is wrong with the dates of successive versions of one
// thing, given the one before.
func checkOrder(before, next Effective) error {
	if before.To.IsZero() || next.From.Compare(before.To) < 0 {
		return fmt.Errorf("%w: in force %s while the version before is in force %s", ErrEffective, next, before)
	}
	return nil
}

package sla

import (
	"slices"

	"github.com/servicecharter/charter/history"
)

// Preset is how a product counts: the semantics of a [Revision] and the
// metrics of its targets, each choice with the document that it was taken from.
//
//	p := sla.Zendesk()
//	wait, _ := p.Metric("requester-wait-time")
//	plan, err := sla.Compile(sla.Revision{
//		Semantics: p.Semantics,
//		Targets:   []sla.Target{{ID: "wait", Metric: wait, Span: sla.Wall(8 * time.Hour)}},
//	})
//
// Use one to judge the cases of a desk that is run on that product, to check
// a migration (one history under two presets, see testdata/presets), or to keep
// the words of a contract that was written for it. Nothing is registered: a
// preset is a value, made anew by every call, that the caller may change.
//
// # What the products do
//
// A dot is Charter's default, because the product documents just that or
// nothing on the matter; Preset.Sources says which.
//
//	          charter           Zendesk  ServiceNow   retroactive   Jira       Zammad           GLPI
//	close     due at close      .        .            .             .          at next opening  at next opening
//	retarget  from start        .        from change  .             .          .                .
//	reopen    resume clock      .        new cycle    count closed  new cycle  ignore           .
//	message   first unanswered  .        .            .             .          .                .
//	response  as written        .        .            .             .          .                .
//	rounding  exact             .        .            .             .          whole minutes    .
//	revise    at start          at once  .            .             at once    at once          .
//
// Which holds pause a metric is the metric's own matter:
//
//	                     charter   Zendesk   ServiceNow  Jira      Zammad  GLPI
//	dispatch             never     -         -           -         -       never
//	first-response       never     never     never       never     any     -
//	next-response        never     never     -           never     any     -
//	periodic-update      customer  never     -           -         any     -
//	pausable-update      -         customer  -           -         -       -
//	resolution           customer  never     customer    customer  any     any
//	agent-work-time      any       any       -           -         -       -
//	requester-wait-time  customer  customer  -           -         -       -
//	internal-resolution  -         -         -           -         -       any
//
// # How states map to entries
//
// A state in which the product waits for the customer (pending, awaiting user
// info, waiting for customer) is an entry held with the reason "customer"; any
// other waiting state (on-hold) is held with another reason; going back to work
// is resumed. A public comment of an agent is responded, one of a customer is
// messaged by the role "customer"; solved is resolved; a change of priority is
// classified. Metrics have Charter's usual names, so that presets can stand in
// for each other; the product's own name is in Preset.Sources.
//
// # What no preset does
//
// A preset counts as documented, not as a known defect of some version does. A
// breach that has happened stays one, whatever is edited afterwards: where a
// product judges anew, Charter does not follow it.
type Preset struct {
	Name      string
	Semantics Semantics
	Metrics   []Metric
	// Sources has an entry for every option of Semantics and for every metric.
	Sources []Source
}

// Source tells where one choice of a [Preset] comes from.
type Source struct {
	// For is an option of [Semantics] by its JSON name, or "metric" and the
	// metric's name.
	For string `json:"for"`
	// Choice is the option's value; for a metric what the product calls it.
	Choice string `json:"choice"`
	// Says is what the product documents, in our words.
	Says string `json:"says"`
	// Title and URL name the document. They are empty where the product
	// documents nothing, and then the choice is Charter's default.
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Presets returns all presets, by name of the product.
func Presets() []Preset {
	return []Preset{GLPI(), Jira(), ServiceNow(), ServiceNowRetroactive(), Zammad(), Zendesk()}
}

// Metric returns the preset's metric of that name.
func (p Preset) Metric(name string) (Metric, bool) {
	i := slices.IndexFunc(p.Metrics, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return Metric{}, false
	}
	return p.Metrics[i], true
}

// page is a document that presets cite.
type page struct{ title, url string }

func (p page) says(option, choice, says string) Source {
	return Source{For: option, Choice: choice, Says: says, Title: p.title, URL: p.url}
}

// silent is the source of an option on which a product documents nothing.
func silent(option, choice string) Source {
	return Source{For: option, Choice: choice, Says: "Nothing is documented; Charter's default stands."}
}

// What presets share: the starts, holds and ends that all products have.

func presetStart() []Match { return On(history.Opened, history.Detected) }

func presetWithdrawn(more ...history.Kind) []Match {
	return On(append(more, history.Merged, history.Cancelled)...)
}

// askedCustomer is the hold in which the customer has to answer.
func askedCustomer() []Match {
	return []Match{{history.Held, []FieldMatch{{history.KeyReason, []string{history.RoleCustomer}}}}}
}

func byCustomer() []Match {
	return []Match{{history.Messaged, []FieldMatch{{"role", []string{history.RoleCustomer}}}}}
}

// presetWork is a metric from the opening to the resolution that pauses on the
// given holds.
func presetWork(name string, pause []Match) Metric {
	m := Metric{
		Name: name, Start: presetStart(), Stop: On(history.Resolved, history.Closed),
		Cancel: presetWithdrawn(), Reopen: reopening(),
	}
	return m.pausedOn(pause)
}

// presetReply is a metric that a reply to the customer fulfils.
func presetReply(name string, start []Match) Metric {
	return Metric{Name: name, Start: start, Stop: On(history.Responded), Cancel: presetWithdrawn(history.Closed)}
}

// repeated makes a metric run again after every reply until the case is solved.
func (m Metric) repeated() Metric {
	m.Cancel = presetWithdrawn(history.Resolved, history.Closed)
	m.Repeat, m.Conditional = true, true
	return m
}

func (m Metric) pausedOn(holds []Match) Metric {
	if len(holds) > 0 {
		m.Pause, m.Resume = holds, On(history.Resumed)
	}
	return m
}

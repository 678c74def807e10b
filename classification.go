package charter

import "encoding/json"

// Classification is one or more schemes by which something is sorted.
type Classification struct {
	Schemes []Scheme
}

// Scheme is a set of values and how they are assigned. In JSON a
// classification of one scheme is the scheme itself, one of several
// {"schemes": […]}.
type Scheme struct {
	// Attribute is the attribute of a case that is sorted; Of names anything
	// else, such as "training".
	Attribute string `json:"attribute,omitempty"`
	Of        string `json:"of,omitempty"`
	// Set names a group of values, such as "online" channels.
	Set    string   `json:"set,omitempty"`
	Values []string `json:"values,omitempty"`
	// Ordered: the values rise. Open: the text names them as examples.
	Ordered bool `json:"ordered,omitempty"`
	Open    bool `json:"open,omitempty"`
	// Factors are what the value depends on; Weights their printed weights.
	Factors []string `json:"factors,omitempty"`
	Weights []string `json:"weights,omitempty"`
	// Assign gives attributes their values where one of the Criteria holds.
	Assign   map[string]string `json:"assign,omitempty"`
	Criteria []string          `json:"criteria,omitempty"`
}

// MarshalJSON writes the form that [Scheme] describes.
func (c Classification) MarshalJSON() ([]byte, error) {
	if len(c.Schemes) == 1 {
		return json.Marshal(c.Schemes[0])
	}
	return json.Marshal(map[string][]Scheme{"schemes": c.Schemes})
}

func (r *reader) classification(v at) (c Classification) {
	if v.kind != '{' || v.member("schemes") == nil {
		return Classification{[]Scheme{r.scheme(v)}}
	}
	return Classification{list(r.object(v, "schemes"), "schemes", (*reader).scheme)}
}

func (r *reader) scheme(v at) (s Scheme) {
	o := r.object(v, "attribute", "of", "set", "values", "ordered", "open", "factors", "weights", "assign", "criteria")
	s = Scheme{
		Attribute: o.text("attribute"), Of: o.text("of"), Set: o.text("set"), Values: o.texts("values"),
		Ordered: o.flag("ordered"), Open: o.flag("open"),
		Factors: o.texts("factors"), Weights: o.texts("weights"), Criteria: o.texts("criteria"),
	}
	if a, ok := o.get("assign"); ok {
		s.Assign = r.assignments(a)
	}
	o.exclude("attribute", "of")
	if o.ok && !o.has("attribute") && !o.has("of") && !o.has("assign") {
		r.fail(v, "%w: want attribute, of or assign", ErrMissing)
	}
	return s
}

func (r *reader) assignments(v at) map[string]string {
	if v.kind != '{' {
		r.fail(v, "%w: want an object from attribute to value, not %s", ErrType, v.is())
		return nil
	}
	out := make(map[string]string, len(v.members))
	for i := range v.members {
		m := &v.members[i]
		out[m.name] = r.text(at{&m.value, join(v.path, m.name)})
	}
	return out
}

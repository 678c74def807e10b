package measure

import (
	"fmt"
	"iter"
	"slices"

	"github.com/servicecharter/charter/quality"
)

// Registry is a table of measures. It is immutable, and any number of goroutines may use it; there is no global one.
type Registry struct {
	measures []Measure
	index    map[string]int
	listed   listed
}

// NewRegistry returns the table of these measures, in this order. It refuses with [ErrMeasure] one that is not whole, and an id that stands
// twice.
func NewRegistry(measures ...Measure) (*Registry, error) {
	r := &Registry{measures: slices.Clone(measures), index: make(map[string]int, len(measures))}
	r.listed = listed{questions: map[string][]quality.Scale{}, channels: map[string]bool{}, kinds: map[string]bool{}, topics: map[string]bool{}}
	for i := range r.measures {
		m := &r.measures[i]
		if err := m.check(); err != nil {
			return nil, err
		}
		m.Survey.plain()
		if _, twice := r.index[m.ID]; twice {
			return nil, fmt.Errorf("%w: %.60q stands twice", ErrMeasure, m.ID)
		}
		r.index[m.ID] = i
		r.listed.add(m)
	}
	return r, nil
}

// With returns a table that has more measures. The errors are those of [NewRegistry].
func (r *Registry) With(more ...Measure) (*Registry, error) {
	return NewRegistry(slices.Concat(r.measures, more)...)
}

// Get returns a measure by its id.
func (r *Registry) Get(id string) (Measure, bool) {
	i, ok := r.index[id]
	if !ok {
		return Measure{}, false
	}
	return r.measures[i], true
}

// All gives every measure, in the order of the table.
func (r *Registry) All() iter.Seq[Measure] { return slices.Values(r.measures) }

// Len returns how many measures there are.
func (r *Registry) Len() int { return len(r.measures) }

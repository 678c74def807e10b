package measure

import (
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/quality"
)

// listed is what the measures of a table look for by name. What has another name (a slip of the pen) is counted by none of them and would
// be missed by nobody.
type listed struct {
	questions map[string][]quality.Scale // by dimension
	channels  map[string]bool
	kinds     map[string]bool
	topics    map[string]bool
}

const channelShare = "channel-share/"

func (l *listed) add(m *Measure) {
	if m.Of == People && m.Topic != "" {
		l.topics[m.Topic] = true
	}
	if m.Of != Cases {
		return
	}
	if len(m.Kinds) > 0 {
		for _, kind := range append([]string{"ticket", "complaint", "incident", "duty"}, m.Kinds...) {
			l.kinds[kind] = true
		}
	}
	switch m.Kind {
	case Satisfied, MeanScore, NetScore:
		d := dimensionOf(m.Survey.Dimension)
		if !slices.Contains(l.questions[d], m.Survey.Scale) {
			l.questions[d] = append(l.questions[d], m.Survey.Scale)
		}
	}
	if channel, ok := strings.CutPrefix(m.ID, channelShare); ok {
		l.channels[channel] = true
	}
}

func dimensionOf(text string) string {
	if text == "" {
		return Overall
	}
	return text
}

// unlisted finds, once for each entry, what no measure of the table has: of cases questions, channels and kinds, of people topics. A table
// without measures of the one finds nothing of it.
func (t *Tally) unlisted(r *Record) {
	switch r.Of {
	case Cases:
		t.unasked(r)
		t.unnamed(r)
	case People:
		t.uninspected(r)
	}
}

func (t *Tally) miss(r *Record, i int, code Code, detail string) {
	t.weigh(1)
	t.finds(code).add(1, Example{Case: r.History.Case, Seq: r.entries[i].Seq, Detail: detail})
}

// unasked finds questions, and keeps the answers that can be read: any number, in a table without questions.
func (t *Tally) unasked(r *Record) {
	l := &t.measures.listed
	for i := range r.entries {
		e := &r.entries[i]
		if e.Kind != history.Surveyed {
			continue
		}
		text, _ := e.Fields.Get("dimension")
		scales, asked := l.questions[dimensionOf(text)]
		if !asked && len(l.questions) > 0 {
			t.miss(r, i, CodeNoQuestion, "dimension "+short(text))
			continue
		}
		score, scored := e.Fields.Get("score")
		if asked {
			scored = scored && answered(e, score, scales)
		} else {
			_, scored = number(score)
		}
		if scored {
			r.answers = append(r.answers, i)
		}
	}
}

// unnamed finds the channel by which a case came, and the kind that it is of in the end.
func (t *Tally) unnamed(r *Record) {
	l := &t.measures.listed
	if i := r.index(0, history.Opened); i >= 0 && len(l.channels) > 0 {
		if c, known := r.entries[i].Fields.Get(history.KeyChannel); known && !l.channels[c] {
			t.miss(r, i, CodeNoChannel, "channel "+short(c))
		}
	}
	if len(l.kinds) == 0 {
		return
	}
	for i := len(r.entries) - 1; i >= 0; i-- {
		if !history.SetsAttributes(r.entries[i].Kind) {
			continue
		}
		if kind, known := r.entries[i].Fields.Get(history.KeyKind); known {
			if !l.kinds[kind] {
				t.miss(r, i, CodeNoKind, "kind "+short(kind))
			}
			return
		}
	}
}

// uninspected finds topics of the inspections in the window. One without a topic is of none.
func (t *Tally) uninspected(r *Record) {
	l := &t.measures.listed
	if len(l.topics) == 0 {
		return
	}
	for i := range r.entries {
		e := &r.entries[i]
		if e.Kind != history.Inspected || !within(r, e.At) {
			continue
		}
		if topic, known := e.Fields.Get("topic"); known && !l.topics[topic] {
			t.miss(r, i, CodeNoTopic, "topic "+short(topic))
		}
	}
}

// answered tells whether a score can be read, on one of the scales on which its question is asked.
func answered(e *history.Entry, score string, scales []quality.Scale) bool {
	for _, scale := range scales {
		if fact := read(score, e, scale, scale.String()); fact.kind == rating {
			if _, err := scale.Level(fact.score); err == nil {
				return true
			}
		}
	}
	return false
}

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
}

const channelShare = "channel-share/"

func (l *listed) add(m *Measure) {
	if m.Of != Cases {
		return
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

// unlisted finds, once for each entry, questions and channels that no measure of the table has, and keeps the answers that can be
// read. A table without questions or channels finds none of either; an answer is any number then.
func (t *Tally) unlisted(r *Record) {
	l := &t.measures.listed
	find := func(i int, code Code, detail string) {
		t.weigh(1)
		t.finds(code).add(1, Example{Case: r.History.Case, Seq: r.entries[i].Seq, Detail: detail})
	}
	for i := range r.entries {
		e := &r.entries[i]
		if e.Kind != history.Surveyed {
			continue
		}
		text, _ := e.Fields.Get("dimension")
		scales, asked := l.questions[dimensionOf(text)]
		if !asked && len(l.questions) > 0 {
			find(i, CodeNoQuestion, "dimension "+short(text))
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
	if i := r.index(0, history.Opened); i >= 0 && len(l.channels) > 0 {
		if c, known := r.entries[i].Fields.Get(history.KeyChannel); known && !l.channels[c] {
			find(i, CodeNoChannel, "channel "+short(c))
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

package measure

import (
	"slices"

	"github.com/servicecharter/charter/history"
)

// Among returns a measure of some cases only, those that have all of these attributes: its id is that of m, a slash and the id given, and those
// says in its definition who they are. A case of which one is not known is excluded; one that has another value is not counted. A kind
// among the attributes is one that the measure looks for (Measure.Kinds).
func Among(m Measure, id string, name, those Text, attributes ...history.Field) Measure {
	all := m.Observe
	m.ID, m.Name = m.ID+"/"+id, name
	m.Denominator = Text{m.Denominator.EN + "; only " + those.EN, m.Denominator.ZH + "；仅限" + those.ZH}
	for _, a := range attributes {
		if a.Key == history.KeyKind {
			m.Kinds = append(slices.Clip(m.Kinds), a.Value)
		}
	}
	m.Observe = func(r *Record, emit func(Observation)) {
		known := true
		for _, a := range attributes {
			switch v, ok := r.attribute(a.Key); {
			case !ok:
				known = false
			case v != a.Value:
				return
			}
		}
		if known {
			all(r, emit)
		} else if r.began >= 0 {
			emit(r.at(r.began, Excluded()))
		}
	}
	return m
}

// amongMeasures are those of the table that handbooks bound for some cases only.
func amongMeasures(table []Measure) []Measure {
	of := func(id string) Measure {
		return table[slices.IndexFunc(table, func(m Measure) bool { return m.ID == id })]
	}
	is := func(key, value string) history.Field { return history.Field{Key: key, Value: value} }
	incident := is(history.KeyKind, "incident")
	response := Among(of("mean-first-response"), "complaint-incident",
		Text{"mean time to the first response to a complaint incident", "投诉事件平均首次响应时间"},
		Text{"incidents of the class complaint", "投诉类事件"}, incident, is(history.KeyClass, "complaint"))
	repair := Among(of("mttr"), "fault", Text{"mean time to repair a technical fault", "技术故障平均修复时间"},
		Text{"incidents of the class fault", "故障类事件"}, incident, is(history.KeyClass, "fault"))
	handling := Among(of("mean-resolution"), "complaint",
		Text{"mean time to resolution of a complaint", "投诉平均处理时间"}, Text{"complaints", "投诉"}, is(history.KeyKind, "complaint"))
	return []Measure{response, repair, handling}
}

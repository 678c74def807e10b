package incident_test

import (
	"slices"
	"time"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/incident"
)

// taker takes known fields out of an entry's and leaves the others for the meta.
type taker struct{ rest history.Fields }

func (k *taker) all(key string) []string {
	var values []string
	k.rest = slices.DeleteFunc(k.rest, func(f history.Field) bool {
		if f.Key == key {
			values = append(values, f.Value)
		}
		return f.Key == key
	})
	return values
}

func (k *taker) text(key string) string {
	values := k.all(key)
	for _, v := range values[min(1, len(values)):] {
		k.rest = append(k.rest, history.Field{Key: key, Value: v})
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// instant leaves what is not one for the meta, so that transcripts can be wrong too.
func (k *taker) instant(key string) time.Time {
	v := k.text(key)
	t, err := history.ParseInstant(v)
	if err != nil && v != "" {
		k.rest = append(k.rest, history.Field{Key: key, Value: v})
	}
	return t
}

// command takes the step through the method that is made for it.
func command(i *incident.Incident, m incident.Meta, kind history.Kind, fields history.Fields) error {
	k := &taker{slices.Clone(fields)}
	var call func() error
	notice := func() incident.Notice {
		return incident.Notice{
			Audience: k.text(incident.KeyAudience), Content: k.text(incident.KeyContent), State: k.text(incident.KeyState),
			Due: k.instant(history.KeyDue), Channel: k.text(history.KeyChannel),
		}
	}
	measure := func() incident.Measure {
		return incident.Measure{
			Plan: k.text(incident.KeyPlan), Measures: k.all(incident.KeyMeasures), Owner: k.text(incident.KeyOwner),
			Due: k.instant(history.KeyDue), Step: k.text(incident.KeyStep), Effect: k.text(incident.KeyEffect),
		}
	}
	switch kind {
	case history.Detected:
		if k.text(history.KeyKind) == "ticket" {
			k.rest = append(k.rest, history.Field{Key: history.KeyKind, Value: "ticket"})
		}
		d := incident.Detection{
			Occurred: k.instant(history.KeyOccurred), Source: k.text(history.KeySource), Channel: k.text(history.KeyChannel),
			Class: k.text(history.KeyClass), Severity: k.text(history.KeySeverity), Place: k.text(incident.KeyPlace),
			Service: k.text(incident.KeyService), Customers: k.text(incident.KeyCustomers), Business: k.text(incident.KeyBusiness),
		}
		call = func() error { return i.Detect(m, d) }
	case history.Reported:
		r := incident.Report{To: k.text(incident.KeyTo), Form: k.text(incident.KeyForm), Channel: k.text(history.KeyChannel)}
		call = func() error { return i.Report(m, r) }
	case history.Responded:
		channel := k.text(history.KeyChannel)
		call = func() error { return i.Respond(m, channel) }
	case history.Classified:
		c := incident.Classification{
			Severity: k.text(history.KeySeverity), Class: k.text(history.KeyClass), Impact: k.text(incident.KeyImpact),
			Urgency: k.text(incident.KeyUrgency), Basis: k.text(incident.KeyBasis),
		}
		call = func() error { return i.Classify(m, c) }
	case history.Declared:
		d := incident.Declaration{
			Plan: k.text(incident.KeyPlan), Severity: k.text(history.KeySeverity), Level: k.text(history.KeyLevel),
			Response: k.text(incident.KeyResponse), Lead: k.text(incident.KeyLead), Role: k.text(history.KeyRole), Team: k.all(incident.KeyTeam),
		}
		call = func() error { return i.Declare(m, d) }
	case history.Escalated:
		e := incident.Escalation{
			Lead: k.text(incident.KeyLead), Role: k.text(history.KeyRole), Level: k.text(history.KeyLevel), Unit: k.text(history.KeyUnit),
		}
		call = func() error { return i.Escalate(m, e) }
	case history.Notified:
		n := notice()
		call = func() error { return i.Notify(m, n) }
	case history.ProgressTold:
		n := notice()
		call = func() error { return i.TellProgress(m, n) }
	case history.ResultTold:
		n := notice()
		call = func() error { return i.TellResult(m, n) }
	case history.Dispatched:
		unit, person, mode := k.text(history.KeyUnit), k.text(history.KeyPerson), k.text(incident.KeyMode)
		call = func() error { return i.Dispatch(m, unit, person, mode) }
	case history.Kept:
		r := incident.Resource{ID: k.text(incident.KeyResource), Category: k.text(incident.KeyCategory), User: k.text(incident.KeyUser)}
		switch k.text(incident.KeyState) {
		case incident.Released:
			call = func() error { return i.Release(m, r) }
		default:
			call = func() error { return i.Allocate(m, r) }
		}
	case history.Started:
		measures := k.all(incident.KeyMeasures)
		call = func() error { return i.Handle(m, measures...) }
	case history.Investigated:
		v := incident.Investigation{Cause: k.text(incident.KeyCause), Nature: k.text(incident.KeyNature), Impact: k.text(incident.KeyImpact)}
		call = func() error { return i.Investigate(m, v) }
	case history.Held:
		reason := k.text(history.KeyReason)
		call = func() error { return i.Hold(m, reason) }
	case history.Resumed:
		call = func() error { return i.Resume(m) }
	case history.Restored:
		r := incident.Restoration{
			Service: k.text(incident.KeyService), DataLostFrom: k.instant(incident.KeyDataLostFrom), DataLostUntil: k.instant(incident.KeyDataLostUntil),
		}
		down := k.text(incident.KeyDowntime)
		if d, err := time.ParseDuration(down); err == nil {
			r.Downtime = d
		} else if down != "" {
			k.rest = append(k.rest, history.Field{Key: incident.KeyDowntime, Value: down})
		}
		call = func() error { return i.Restore(m, r) }
	case history.Resolved:
		result, steps := k.text(incident.KeyResult), k.text(incident.KeySteps)
		call = func() error { return i.Resolve(m, result, steps) }
	case history.Reviewed:
		r := incident.Review{
			Cause: k.text(incident.KeyCause), Steps: k.text(incident.KeySteps), Impact: k.text(incident.KeyImpact),
			Improvements: k.all(incident.KeyImprovements), Lessons: k.text(incident.KeyLessons), LaterImpact: k.text(incident.KeyLaterImpact),
		}
		call = func() error { return i.Review(m, r) }
	case history.Planned:
		v := measure()
		call = func() error { return i.PlanFollowUp(m, v) }
	case history.Improved:
		v := measure()
		call = func() error { return i.Improve(m, v) }
	case history.FollowedUp:
		solved := k.text(incident.KeySolved)
		call = func() error { return i.FollowUp(m, solved == "yes") }
	case history.Closed:
		reason := k.text(history.KeyReason)
		call = func() error { return i.Close(m, reason) }
	case history.Reopened:
		reason := k.text(history.KeyReason)
		call = func() error { return i.Reopen(m, reason) }
	case history.Cancelled:
		reason := k.text(history.KeyReason)
		call = func() error { return i.Cancel(m, reason) }
	case history.Merged:
		into := k.text(incident.KeyInto)
		call = func() error { return i.Merge(m, into) }
	case history.Archived:
		store := k.text(incident.KeyStore)
		call = func() error { return i.Archive(m, store) }
	default:
		return i.Add(m, kind, fields)
	}
	m.Fields = k.rest
	return call()
}

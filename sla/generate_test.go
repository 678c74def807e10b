package sla_test

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// world is a random plan and what a random case on it needs.
type world struct {
	revisions []sla.Revision
	plan      *sla.Plan
	base      time.Time // about when things happen
}

// calendars are those of the random plans. Each has its own trouble: a lunch break, holidays and make-up days, nights, clocks that
// are turned by an hour, by half of one, or at midnight.
var calendars = sync.OnceValue(func() map[string]*calendar.Calendar {
	off := func(from, to calendar.Date) (days []calendar.Day) {
		for d := from; d != to.AddDays(1); d = d.AddDays(1) {
			days = append(days, calendar.Day{Date: d, Off: true})
		}
		return days
	}
	day := func(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }
	out := map[string]*calendar.Calendar{}
	for name, c := range map[string]struct {
		zone, hours string
		days        []calendar.Day
		published   calendar.Date
	}{
		"":       {zone: "Asia/Shanghai", hours: "Mo-Fr 09:00-12:00,13:00-18:00; PH off", published: day(2025, 12, 31), days: append(off(day(2025, 10, 1), day(2025, 10, 8)), calendar.Day{Date: day(2025, 9, 28)}, calendar.Day{Date: day(2025, 10, 11)})},
		"york":   {zone: "America/New_York", hours: "Mo-Fr 09:00-17:00; Sa 10:00-14:00", published: day(2025, 3, 10)},
		"night":  {zone: "Europe/Berlin", hours: "Mo-Fr 22:00-06:00; Su 00:00-24:00"},
		"always": {zone: "UTC", hours: "24/7"},
		"howe":   {zone: "Australia/Lord_Howe", hours: "Mo-Su 01:00-03:00,09:00-18:00"},
		"paulo":  {zone: "America/Sao_Paulo", hours: "Mo-Su 00:00-02:00,08:00-12:00"},
		"rare":   {zone: "Asia/Kathmandu", hours: "We 09:00-10:00"},
	} {
		week, err := calendar.ParseWeek(c.hours)
		if err != nil {
			panic(err)
		}
		if out[name], err = calendar.New(calendar.Spec{Zone: c.zone, Hours: week, Days: c.days, Published: c.published}); err != nil {
			panic(err)
		}
	}
	return out
})

// bases are instants around which something is amiss.
var bases = []time.Time{
	time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC),   // nothing
	time.Date(2025, 3, 7, 12, 0, 0, 0, time.UTC),  // New York springs forward on the 9th
	time.Date(2025, 10, 24, 0, 0, 0, 0, time.UTC), // Berlin falls back on the 26th
	time.Date(2025, 9, 26, 0, 0, 0, 0, time.UTC),  // China's National Day
	time.Date(2018, 11, 2, 0, 0, 0, 0, time.UTC),  // São Paulo skips midnight on the 4th
	time.Date(2018, 2, 16, 0, 0, 0, 0, time.UTC),  // and shows it twice on the 18th
	time.Date(2025, 4, 4, 0, 0, 0, 0, time.UTC),   // Lord Howe falls back by half an hour on the 5th
}

func pick[T any](t *rapid.T, name string, of ...T) T { return rapid.SampledFrom(of).Draw(t, name) }

// once in n.
func rarely(t *rapid.T, name string, n int) bool { return rapid.IntRange(1, n).Draw(t, name) == n }

// metrics are what random targets measure: the standard ones and such as have what those do not.
func metrics() []sla.Metric {
	held := []sla.Match{{Kind: history.Held, Fields: []sla.FieldMatch{{Name: "reason", Values: []string{"customer"}}}}}
	customer := []sla.Match{{Kind: history.Messaged, Fields: []sla.FieldMatch{{Name: "role", Values: []string{"customer"}}}}}
	return append(sla.StandardMetrics(),
		sla.Metric{
			Name: "both", Start: sla.On(history.Opened), StopAll: sla.On(history.Resolved, history.ResultTold), Pause: held,
			Resume: sla.On(history.Resumed), Cancel: sla.On(history.Merged, history.Cancelled), Reopen: sla.On(history.Reopened),
		},
		sla.Metric{
			Name: "promise", Start: sla.On(history.Planned), Stop: sla.On(history.Resolved), Pause: held, Resume: sla.On(history.Resumed),
			Cancel: sla.On(history.Cancelled), Reopen: sla.On(history.Reopened), DueField: "due", Conditional: true,
		},
		sla.Metric{
			Name: "answer", Start: customer, Stop: sla.On(history.Responded), Pause: sla.On(history.Held), Resume: sla.On(history.Resumed),
			Cancel: sla.On(history.Closed), Repeat: true,
		},
		sla.Metric{
			Name: "round", Start: sla.On(history.Accepted, history.Responded), StopAll: sla.On(history.Responded, history.ProgressTold),
			Pause: held, Resume: sla.On(history.Resumed), Repeat: true, Reopen: sla.On(history.Reopened), Cancel: sla.On(history.Closed),
		},
	)
}

func drawSpan(t *rapid.T) sla.Span {
	switch rapid.IntRange(0, 9).Draw(t, "span") {
	case 0:
		return pick(t, "no span", sla.Span{}, sla.Span{Length: 24 * time.Hour})
	case 1, 2, 3:
		return sla.Wall(pick(t, "wall", 30*time.Minute, 90*time.Second, 4*time.Hour, 24*time.Hour, 1, 3*time.Hour+time.Nanosecond))
	case 4, 5, 6:
		return sla.OpenTime(pick(t, "open", 30*time.Minute, time.Hour, 3*time.Hour, 8*time.Hour, 16*time.Hour, 1, 90*time.Second))
	}
	return sla.Span{Length: pick[time.Duration](t, "days", 24, 48, 72, 36, 12) * time.Hour, Basis: sla.WorkingDays}
}

func drawOffset(t *rapid.T, s sla.Span, promised bool) sla.Offset {
	if rapid.Bool().Draw(t, "share") {
		return sla.Offset{Permille: pick(t, "permille", 500, 800, 1000, 1500, 1)}
	}
	o := sla.Offset{After: rapid.Bool().Draw(t, "after")}
	o.Span = pick(t, "offset", sla.Span{}, sla.Wall(30*time.Minute), sla.Wall(20*time.Hour), sla.Span{Length: 2 * time.Hour, Basis: s.Basis}, sla.Span{Length: time.Hour, Basis: s.Basis})
	if promised && o.Span.Length != 0 || s.Basis == sla.Unnamed || s.IsZero() {
		o.Span.Basis = sla.Elapsed
	}
	return o
}

func drawCondition(t *rapid.T) (c sla.Condition) {
	if rarely(t, "tiered", 3) {
		c = append(c, sla.Term{Attribute: "tier", Values: pick(t, "tiers", []string{"urgent"}, []string{"routine"}, []string{"routine", "urgent"}), Not: rarely(t, "not", 4)})
	}
	if rarely(t, "classed", 6) {
		c = append(c, sla.Term{Attribute: "class", Values: []string{"outage"}, Not: rapid.Bool().Draw(t, "notclass")})
	}
	return c
}

func drawTarget(t *rapid.T, id string, m sla.Metric) sla.Target {
	out := sla.Target{ID: id, Metric: m, Span: drawSpan(t), When: drawCondition(t)}
	names := []string{"", "", "york", "night", "always", "howe", "paulo", "rare"}
	out.Calendar = pick(t, "calendar", names...)
	out.Days = calendar.DayRule{End: pick(t, "end", calendar.SameTime, calendar.LastHours), Count: pick(t, "count", calendar.ExcludeStart, calendar.ExcludeStart, calendar.IncludeStart)}
	for i := range rapid.IntRange(0, 2).Draw(t, "warnings") {
		out.Warnings = append(out.Warnings, sla.Warning{Name: fmt.Sprint("w", i), At: drawOffset(t, out.Span, m.DueField != "")})
	}
	for i := range rapid.IntRange(0, 1).Draw(t, "rungs") {
		out.Ladder = append(out.Ladder, sla.Rung{Name: fmt.Sprint("r", i), Role: "supervisor", At: drawOffset(t, out.Span, m.DueField != "")})
	}
	return out
}

// drawWorld makes revisions that share how a clock starts and ends, so that the reference can judge them.
func drawWorld(t *rapid.T) world {
	w := world{base: pick(t, "base", bases...)}
	shared := sla.Semantics{
		Reopen:   pick(t, "reopen", sla.ResumeClock, sla.CountClosed, sla.NewCycle, sla.IgnoreReopen),
		Message:  pick(t, "message", sla.FirstUnanswered, sla.LatestMessage),
		Response: pick(t, "response", sla.ResponseAsWritten, sla.ResponseAsWritten, sla.ResponseFromOpening, sla.ResponseFromAssignment),
	}
	all := metrics()
	// A clause has the same metric in all revisions.
	clauses := map[string]sla.Metric{}
	for i := range rapid.IntRange(1, 2).Draw(t, "metrics") {
		m := pick(t, "metric", all...)
		switch rapid.IntRange(0, 3).Draw(t, "work") {
		case 0:
			m, _ = sla.StandardMetric("resolution")
		case 1, 2:
			m = pick(t, "own metric", all[len(all)-4:]...)
		}
		for j := range rapid.IntRange(1, 2).Draw(t, "clauses") {
			clauses[fmt.Sprintf("c%d%d", i, j)] = m
		}
	}
	ids := make([]string, 0, len(clauses))
	for id := range clauses {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	from := time.Time{}
	if rarely(t, "late start", 5) {
		from = w.base
	}
	for i := range pick(t, "revisions", 1, 1, 1, 2, 3) {
		r := sla.Revision{ID: fmt.Sprint("r", i), From: from, Calendars: calendars(), Semantics: shared}
		r.Semantics.Close = pick(t, "close", sla.DueAtClose, sla.DueAtNextOpening)
		r.Semantics.Retarget = pick(t, "retarget", sla.FromStart, sla.FromChange, sla.KeepFirst)
		r.Semantics.Rounding = pick(t, "rounding", sla.Exact, sla.Exact, sla.WholeMinutes, sla.WholeSeconds)
		r.Semantics.Revise = pick(t, "revise", sla.AtStart, sla.AtOnce)
		policy := sla.Policy{Name: "p"}
		for _, id := range ids {
			switch target := drawTarget(t, id, clauses[id]); rapid.IntRange(0, 8).Draw(t, "where") {
			case 8: // not in this revision
			case 5, 6, 7:
				target.Default = len(target.When) == 0
				covered := slices.ContainsFunc(policy.Targets, func(o sla.Target) bool { return o.Default && o.Metric.Name == target.Metric.Name })
				if covered {
					r.Targets = append(r.Targets, target)
				} else {
					policy.Targets = append(policy.Targets, target)
				}
			default:
				r.Targets = append(r.Targets, target)
			}
		}
		if len(policy.Targets) > 0 {
			r.Policies = []sla.Policy{policy}
		}
		w.revisions = append(w.revisions, r)
		from = w.base.Add(time.Duration(i*40+rapid.IntRange(1, 40).Draw(t, "revision after")) * time.Hour)
	}
	plan, err := sla.Compile(w.revisions...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	w.plan = plan
	return w
}

// drawInstant is mostly on the half hour, where things coincide.
func (w world) drawInstant(t *rapid.T, name string) time.Time {
	at := w.base.Add(time.Duration(rapid.IntRange(0, 6*48).Draw(t, name)) * 30 * time.Minute)
	if rarely(t, name+" odd", 6) {
		at = at.Add(time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, name+" by")))
	}
	return at
}

func (w world) drawEntry(t *rapid.T, seq uint64) history.Entry {
	e := history.Entry{Seq: seq, At: w.drawInstant(t, "at")}
	e.Kind = pick(t, "kind",
		history.Opened, history.Opened, history.Detected, history.Accepted, history.Classified, history.Classified, history.Dispatched,
		history.Messaged, history.Responded, history.Responded, history.ProgressTold, history.Held, history.Held, history.Resumed,
		history.Resolved, history.Resolved, history.ResultTold, history.ResultConfirmed, history.Reopened, history.Reopened,
		history.Closed, history.Planned, history.Planned, history.Merged, history.Cancelled, history.Investigated, history.Acknowledged, history.Reported)
	switch e.Kind {
	case history.Held:
		e.Fields = history.Of("reason", pick(t, "reason", "customer", "customer", "vendor"))
	case history.Messaged:
		e.Actor.Role = pick(t, "role", "customer", "customer", "agent")
	case history.ResultConfirmed:
		e.Fields = history.Of("answer", pick(t, "answer", "accepted", "disputed"))
	case history.Reported:
		e.Fields = history.Of("to", "management")
	case history.Planned:
		if !rarely(t, "no promise", 4) {
			e.Fields = history.Of("due", history.FormatInstant(w.drawInstant(t, "due")))
		} else if rarely(t, "bad promise", 2) {
			e.Fields = history.Of("due", "on Friday")
		}
	default:
		if history.SetsAttributes(e.Kind) && !rarely(t, "bare", 4) {
			e.Fields = history.Of("tier", pick(t, "tier", "urgent", "routine", "other"))
			if rarely(t, "class set", 2) {
				e.Fields = append(e.Fields, history.Of("class", pick(t, "class", "outage", "fault"))...)
			}
			if rarely(t, "another tier", 4) {
				e.Fields = append(e.Fields, history.Of("tier", pick(t, "second tier", "urgent", "routine"))...)
			}
		}
	}
	return e
}

// drawCase is a history, mostly one that begins with its opening, else whatever comes.
func (w world) drawCase(t *rapid.T) []history.Entry {
	n := rapid.IntRange(0, 4).Draw(t, "entries") + rapid.IntRange(0, 8).Draw(t, "more")
	es := make([]history.Entry, 0, n+1)
	if !rarely(t, "messy", 4) {
		es = append(es, history.Entry{Seq: 1, At: w.base, Kind: history.Opened, Fields: history.Of("tier", pick(t, "first tier", "urgent", "routine"))})
		if rarely(t, "no tier", 3) {
			es[0].Fields = nil
		}
	}
	for range n {
		e := w.drawEntry(t, uint64(len(es)+1))
		if len(es) > 0 && rarely(t, "same instant", 5) {
			e.At = es[len(es)-1].At
		}
		es = append(es, e)
	}
	return es
}

// drawNow is an instant of evaluation, sometimes long after.
func (w world) drawNow(t *rapid.T) time.Time {
	return w.drawInstant(t, "now").Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "days later")) * 24 * time.Hour)
}

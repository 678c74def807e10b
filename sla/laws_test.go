package sla_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
)

// cases is how many random histories each random plan judges.
const cases = 10

func TestEvaluateIsWhatTheReferenceSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		for range cases {
			es, now := w.drawCase(t), w.drawNow(t)
			got, err := w.plan.Evaluate(nil, es, now)
			require.NoError(t, err)
			same(t, w, es, now, normal(reference(w.revisions, es, now)), normal(got))
		}
	})
}

// Entry by entry, and asked at any instant between, a Run says what the evaluation of what has happened by then says.
func TestStepByStepIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		var r sla.Run
		for range cases {
			w.plan.Start(&r)
			es := (history.History{Entries: w.drawCase(t)}).Sorted().Entries
			var ended []sla.Clock
			for i := range es {
				clocks, err := r.Step(&es[i])
				require.NoError(t, err)
				ended = append(ended, keep(clocks)...)
				now := es[i].At
				if i+1 < len(es) {
					// Readings between must not disturb what comes after.
					if now = between(t, now, es[i+1].At); now.Equal(es[i+1].At) {
						continue
					}
				} else {
					now = later(now, w.drawNow(t))
				}
				if rapid.Bool().Draw(t, "ask next") {
					r.Next(now)
				}
				got := slices.Concat(ended, r.At(nil, now))
				want, err := w.plan.Evaluate(nil, es, now)
				require.NoError(t, err)
				same(t, w, es, now, want, got)
			}
		}
	})
}

// Between an instant and Next nothing changes, and at Next something does.
func TestNextIsTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		for range cases {
			es, now := w.drawCase(t), w.drawNow(t)
			// What lies ahead is no change of the clocks' own.
			es = slices.DeleteFunc(es, func(e history.Entry) bool { return e.At.After(now) })
			at := func(u time.Time) string {
				clocks, err := w.plan.Evaluate(nil, es, u)
				require.NoError(t, err)
				return still(clocks)
			}
			for range 4 {
				next, ok, err := w.plan.Next(es, now)
				require.NoError(t, err)
				until := next
				if !ok {
					until = now.AddDate(1, 0, 0)
				}
				require.True(t, until.After(now))
				for _, u := range []time.Time{until.Add(-1), between(t, now, until.Add(-1))} {
					if a, b := at(now), at(u); a != b {
						t.Fatalf("between %s and next %s (%v), at %s, something changes in\n%s\nfrom\n%s\nto\n%s",
							wall(now), wall(next), ok, wall(u), describe(w.revisions, es), a, b)
					}
				}
				if !ok {
					break
				}
				if a, b := at(until.Add(-1)), at(until); a == b {
					t.Fatalf("at %s, next after %s, nothing changes in\n%s\n%s", wall(next), wall(now), describe(w.revisions, es), a)
				}
				now = next
			}
		}
	})
}

// still prints of clocks what only changes by a change of state.
func still(clocks []sla.Clock) string {
	var b strings.Builder
	for _, c := range clocks {
		c.Elapsed, c.Remaining, c.Held = 0, 0, 0
		if c.State == sla.Paused {
			c.Due, c.Provisional = time.Time{}, false
		}
		b.WriteString(show([]sla.Clock{c}))
	}
	return b.String()
}

// The order in which entries are handed over means nothing.
func TestOrderOfEntriesMeansNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		es, now := w.drawCase(t), w.drawNow(t)
		want, err := w.plan.Evaluate(nil, es, now)
		require.NoError(t, err)
		shuffled := slices.Clone(es)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 0))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for i := range shuffled {
			fields := slices.Clone(shuffled[i].Fields)
			r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
			shuffled[i].Fields = fields
		}
		got, err := w.plan.Evaluate(nil, shuffled, now)
		require.NoError(t, err)
		same(t, w, es, now, want, got)
	})
}

// A late entry is refused and changes nothing; evaluated again with it, the case is as if it had come in time.
func TestLateEntriesAreEvaluatedAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		es, now := w.drawCase(t), w.drawNow(t)
		if len(es) < 2 {
			return
		}
		late := rapid.IntRange(0, len(es)-1).Draw(t, "late")
		known := slices.Delete(slices.Clone(es), late, late+1)
		known = slices.DeleteFunc(known, func(e history.Entry) bool { return e.At.After(now) })
		var r sla.Run
		w.plan.Start(&r)
		newest := history.Entry{}
		for _, e := range (history.History{Entries: known}).Sorted().Entries {
			_, err := r.Step(&e)
			require.NoError(t, err)
			newest = e
		}
		before := keep(r.At(nil, now))
		if e := es[late]; e.At.Before(newest.At) || e.At.Equal(newest.At) && e.Seq < newest.Seq {
			ended, err := r.Step(&e)
			require.ErrorIs(t, err, sla.ErrLate)
			require.Empty(t, ended)
			same(t, w, known, now, before, r.At(nil, now))
		}
		first, err := r.Evaluate(nil, es, now)
		require.NoError(t, err)
		again, err := w.plan.Evaluate(nil, append(slices.Clone(known), es[late]), now)
		require.NoError(t, err)
		if es[late].At.After(now) {
			again, err = w.plan.Evaluate(nil, known, now)
			require.NoError(t, err)
		}
		same(t, w, es, now, again, keep(first))
	})
}

// What is breached stays breached, since the same instant and with the same deadline; a mark that is reached stays so; and a cycle
// that has been followed by another does not change at all.
func TestWhatIsBreachedStaysSo(t *testing.T) {
	type key struct {
		target, revision string
		cycle            uint32
	}
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		for range cases {
			es, now := w.drawCase(t), w.drawNow(t)
			then := later(now, w.drawNow(t))
			first, err := w.plan.Evaluate(nil, es, now)
			require.NoError(t, err)
			second, err := w.plan.Evaluate(nil, es, then)
			require.NoError(t, err)
			found := map[key]sla.Clock{}
			newest := map[[2]string]uint32{}
			for _, c := range second {
				found[key{c.Target, c.Revision, c.Cycle}] = c
			}
			for _, c := range first {
				newest[[2]string{c.Target, c.Revision}] = max(newest[[2]string{c.Target, c.Revision}], c.Cycle)
			}
			for _, c := range first {
				if c.Cycle == 0 {
					continue
				}
				d, ok := found[key{c.Target, c.Revision, c.Cycle}]
				bad := ""
				switch {
				case !ok && c.State != sla.NotEvaluable:
					bad = "the clock is gone"
				case c.State == sla.Breached && (d.State != sla.Breached || !d.BreachedAt.Equal(c.BreachedAt) || !d.Due.Equal(c.Due)):
					bad = "the breach has moved"
				case c.Cycle < newest[[2]string{c.Target, c.Revision}] && !reflect.DeepEqual(c, d):
					bad = "an ended cycle has changed"
				}
				for i, m := range c.Marks {
					if m.Reached && d.Marks[i] != m {
						bad = "mark " + m.Name + " has moved"
					}
				}
				if bad != "" {
					t.Fatalf("%s from %s to %s in\n%s\nfrom\n%s\nto\n%s", bad, wall(now), wall(then), describe(w.revisions, es), show(first), show(second))
				}
			}
		}
	})
}

// A further revision moves no clock that started before it; one that takes over at once moves nothing before its instant.
func TestALaterRevisionMovesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		last := w.revisions[len(w.revisions)-1]
		for range cases {
			es, now := w.drawCase(t), w.drawNow(t)
			from := later(last.From.Add(1), w.drawNow(t))
			added := drawWorld(t).revisions[0]
			added.ID, added.From = "added", from
			more := append(slices.Clone(w.revisions), added)
			plan, err := sla.Compile(more...)
			require.NoError(t, err)
			was, err := w.plan.Evaluate(nil, es, now)
			require.NoError(t, err)
			is, err := plan.Evaluate(nil, es, now)
			require.NoError(t, err)
			if now.Before(from) {
				same(t, world{revisions: more}, es, now, was, is)
				continue
			}
			find := func(c sla.Clock) (sla.Clock, bool) {
				i := slices.IndexFunc(is, func(d sla.Clock) bool {
					return d.Target == c.Target && d.Revision == c.Revision && d.Cycle == c.Cycle
				})
				if i < 0 {
					return sla.Clock{}, false
				}
				return is[i], true
			}
			fail := func(c sla.Clock) {
				t.Fatalf("a revision from %s moves %sat %s of\n%s\nfrom\n%s\nto\n%s", wall(from), show([]sla.Clock{c}), wall(now), describe(more, es), show(was), show(is))
			}
			if added.Semantics.Revise == sla.AtStart {
				for _, c := range was {
					if d, ok := find(c); c.Cycle > 0 && c.Start.Before(from) && (!ok || !reflect.DeepEqual(c, d)) {
						fail(c)
					}
				}
				continue
			}
			before, err := w.plan.Evaluate(nil, es, from.Add(-1))
			require.NoError(t, err)
			for _, c := range before {
				if d, ok := find(c); c.State == sla.Breached && (!ok || !d.BreachedAt.Equal(c.BreachedAt) || !d.Due.Equal(c.Due)) {
					fail(c)
				}
			}
		}
	})
}

// The governing clock is open, and none that is open is due before it.
func TestHeadlineIsDueFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		es, now := w.drawCase(t), w.drawNow(t)
		clocks, err := w.plan.Evaluate(nil, es, now)
		require.NoError(t, err)
		governing, ok := sla.Headline(clocks)
		candidates := slices.DeleteFunc(keep(clocks), func(c sla.Clock) bool { return !c.Open || c.Due.IsZero() })
		require.Equal(t, len(candidates) > 0, ok)
		for _, c := range candidates {
			require.False(t, c.Due.Before(governing.Due))
		}
		if ok {
			first := slices.IndexFunc(candidates, func(c sla.Clock) bool { return c.Due.Equal(governing.Due) })
			require.Equal(t, candidates[first], governing)
		}
	})
}

// normal puts clocks into the order of the reference and makes no difference between no marks and none.
func normal(clocks []sla.Clock) []sla.Clock {
	out := keep(clocks)
	sortClocks(out)
	for i := range out {
		if len(out[i].Marks) == 0 {
			out[i].Marks = nil
		}
	}
	return out
}

func same(t *rapid.T, w world, es []history.Entry, now time.Time, want, got []sla.Clock) {
	if !slices.EqualFunc(want, got, func(a, b sla.Clock) bool { return reflect.DeepEqual(a, b) }) {
		t.Fatalf("at %s of\n%s\nwant\n%s\ngot\n%s", wall(now), describe(w.revisions, es), show(want)+fmt.Sprint(want), show(got)+fmt.Sprint(got))
	}
}

// between draws an instant from a to b, both included.
func between(t *rapid.T, a, b time.Time) time.Time {
	if !a.Before(b) {
		return a
	}
	d := rapid.Int64Range(0, int64(b.Sub(a))).Draw(t, "between")
	if rapid.Bool().Draw(t, "on the minute") {
		d -= d % int64(time.Minute)
	}
	return a.Add(time.Duration(d))
}

func describe(revisions []sla.Revision, es []history.Entry) string {
	return describeRules(revisions) + describeEntries(es)
}

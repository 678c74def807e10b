package charter_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

func limited(t testing.TB, within time.Duration) *charter.Handbook {
	t.Helper()
	rules, err := charter.ParseHandbook([]byte(deskRules))
	require.NoError(t, err)
	rules, err = rules.Amend(charter.Patch{
		Base: rules.Pin(), Reason: "other limit", Effective: calendar.Date{Year: 2025, Month: time.March, Day: 1},
		Changes: []charter.Change{{Edit: charter.SetLimit{Clause: "house/respond", Within: sla.Wall(within)}}},
	})
	require.NoError(t, err)
	return rules
}

func TestDeskUseRefuses(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	require.ErrorIs(t, s.desk.Use(nil), charter.ErrConfig)
	// Two business hours before a deadline on the wall clock.
	bad, err := charter.ParseHandbook([]byte(strings.Replace(deskRules, "50%", "-2 business hours", 1)))
	require.NoError(t, err)
	require.ErrorIs(t, s.desk.Use(bad), sla.ErrCompile)
	st := s.add("T-1", "", history.Opened)
	require.Equal(t, opening().Add(time.Hour), st.Clocks[0].Due, "the desk keeps the handbook it has")
}

// A desk that is bound to a transaction has the handbook of the desk it comes from.
func TestDeskUseHoldsForBoundDesks(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	bound := s.desk.With(s.journal)
	require.NoError(t, s.desk.Use(limited(t, 10*time.Minute)))
	s.add("T-1", "", history.Opened)
	st, err := bound.Status(context.Background(), "T-1")
	require.NoError(t, err)
	require.Equal(t, opening().Add(10*time.Minute), st.Clocks[0].Due)
}

// A command has judged by the old handbook, the new one comes in and plans
// all cases, and only then does the command append.
func TestDeskPlansACommandThatTheHandbookOvertook(t *testing.T) {
	late := &overtaken{Journal: journal.NewMemory()}
	s := newShop(t, late, nil)
	s.add("T-1", "", history.Opened)
	late.before = func() {
		require.NoError(t, s.desk.Use(limited(t, 30*time.Minute)))
		_, done, err := s.desk.Replan(context.Background(), "")
		require.NoError(t, err)
		require.True(t, done)
	}
	s.add("T-2", "", history.Opened)
	require.Equal(t, opening().Add(15*time.Minute), s.status("T-1").Head.Next)
	require.Equal(t, opening().Add(15*time.Minute), s.status("T-2").Head.Next)
}

// Replan stops where the journal fails and goes on from there; a case that no
// handbook can judge keeps nobody waiting.
func TestDeskReplanGoesOnAfterAFailure(t *testing.T) {
	ctx := context.Background()
	j := &refusing{Journal: journal.NewMemory(), id: "T-2"}
	s := newShop(t, j, nil)
	old := history.Entry{Seq: 1, At: time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC), Kind: history.Opened}
	data, err := old.AppendCanonical(nil)
	require.NoError(t, err)
	_, err = j.Append(ctx, journal.Batch{Case: "T-0", Records: [][]byte{data}})
	require.NoError(t, err)
	for _, id := range []string{"T-1", "T-2", "T-3"} {
		s.add(id, "", history.Opened)
	}
	require.NoError(t, s.desk.Use(limited(t, 30*time.Minute)))
	j.times = 1
	at, done, err := s.desk.Replan(ctx, "")
	require.False(t, done)
	require.ErrorIs(t, err, errStore)
	require.ErrorIs(t, err, sla.ErrInstant, "joined")
	require.ErrorContains(t, err, "T-0")
	require.ErrorContains(t, err, "T-2")
	require.Equal(t, opening().Add(15*time.Minute), s.status("T-1").Head.Next)
	_, done, err = s.desk.Replan(ctx, at)
	require.NoError(t, err)
	require.True(t, done)
	for _, id := range []string{"T-1", "T-2", "T-3"} {
		require.Equal(t, opening().Add(15*time.Minute), s.status(id).Head.Next, id)
	}
}

// refusing is a journal that does not read one case, for some times.
type refusing struct {
	journal.Journal
	id    string
	times int
}

func (r *refusing) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	if id == r.id && r.times > 0 {
		r.times--
		return journal.Head{}, nil, errStore
	}
	return r.Journal.Read(ctx, id, after)
}

// overtaken is a journal that lets something happen just before an append.
type overtaken struct {
	journal.Journal
	before func()
}

func (o *overtaken) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if f := o.before; f != nil {
		o.before = nil
		f()
	}
	return o.Journal.Append(ctx, b)
}

// Handbooks come and go while commands and ticks are at work.
func TestDeskUseUnderConcurrentUse(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	books := []*charter.Handbook{limited(t, 30*time.Minute), limited(t, 40*time.Minute)}
	ctx, cancel := context.WithCancel(context.Background())
	var run, work sync.WaitGroup
	run.Go(func() { _ = s.desk.Run(ctx) })
	for g := range 4 {
		work.Go(func() {
			for i := range 20 {
				if err := s.desk.Use(books[(g+i)%2]); err != nil {
					t.Error(err)
				}
				_, err := s.desk.Record(ctx, fmt.Sprintf("T-%d-%d", g, i), "", func(history.History) ([]history.Entry, error) {
					return []history.Entry{{Kind: history.Opened}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	cancel()
	run.Wait()
	require.NoError(t, s.desk.Use(books[0]))
	for at, done, err := journal.Position(""), false, error(nil); !done; {
		at, done, err = s.desk.Replan(context.Background(), at)
		require.NoError(t, err)
	}
	for g := range 4 {
		for i := range 20 {
			require.Equal(t, opening().Add(15*time.Minute), s.status(fmt.Sprintf("T-%d-%d", g, i)).Head.Next)
		}
	}
}

// A revision that was told stays true of a case that is answered since.
func TestDeskKeepsARevisionOfWhatIsDone(t *testing.T) {
	before, err := workdays("2026-12-28")
	require.NoError(t, err)
	after, err := workdays("2027-12-28", "2027-01-01")
	require.NoError(t, err)
	j := journal.NewMemory()
	s := newShop(t, j, func(c *charter.Config) { c.Handbook = before })
	s.now = time.Date(2026, 12, 29, 10, 0, 0, 0, before.Location())
	s.add("T-1", "", history.Opened)
	require.NoError(t, s.desk.Use(after))
	replan := func() {
		t.Helper()
		_, _, err := s.desk.Replan(context.Background(), "")
		require.NoError(t, err)
		_, err = s.desk.Tick(context.Background())
		require.NoError(t, err)
	}
	replan()
	require.Len(t, s.got, 1)
	require.Equal(t, sla.RevisedNotice, s.got[0].Kind)
	want := after.Location()
	require.Equal(t, time.Date(2027, 1, 1, 10, 0, 0, 0, want), s.got[0].Was.In(want), "what is read back from the journal")
	require.Equal(t, time.Date(2027, 1, 4, 10, 0, 0, 0, want), s.got[0].Due.In(want))
	require.False(t, s.got[0].Provisional)
	s.add("T-1", "", history.Resolved)
	// The old days come back, and the clock stands with another deadline.
	sorry, err := workdays("2027-12-28")
	require.NoError(t, err)
	require.NoError(t, s.desk.Use(sorry))
	replan()
	s.add("T-1", "", history.Surveyed)
	replan()
	require.Len(t, s.got, 1)
	require.Empty(t, s.status("T-1").Faults, "the desk's own entries are sound")
	require.Empty(t, s.status("T-1").Findings)
}

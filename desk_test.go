package charter_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

const deskRules = `{
  "id": "house", "version": "1", "title": {"en": "House rules"}, "sector": "general", "source": {"en": "Made for a test."},
  "roles": [{"id": "agent", "zh": "客服人员", "rank": 1}, {"id": "supervisor", "zh": "主管", "rank": 2}, {"id": "management", "zh": "管理层", "rank": 3}],
  "clauses": [
    {"id": "house/respond", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "A reply within an hour."},
     "rule": {"metric": "first-response", "within": "1h", "warnings": [{"at": "50%"}],
       "ladder": [{"at": "due", "role": "supervisor"}, {"at": "+1h", "role": "management"}]}}
  ]}`

// shop is a desk with a clock of its own and a list of what was delivered.
type shop struct {
	t       testing.TB
	now     time.Time
	journal journal.Journal
	desk    *charter.Desk
	mu      sync.Mutex
	got     []charter.Delivery
	refuse  int // deliveries to refuse
}

func opening() time.Time { return time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC) }

func newShop(t testing.TB, j journal.Journal, change func(*charter.Config)) *shop {
	t.Helper()
	rules, err := charter.ParseHandbook([]byte(deskRules))
	require.NoError(t, err)
	s := &shop{t: t, now: opening(), journal: j}
	c := charter.Config{
		Handbook: rules, Journal: j, Now: func() time.Time { return s.now },
		Deliver: func(_ context.Context, d charter.Delivery) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.refuse > 0 {
				s.refuse--
				return errors.New("mail server away")
			}
			s.got = append(s.got, d)
			return nil
		},
	}
	if change != nil {
		change(&c)
	}
	s.desk, err = charter.NewDesk(c)
	require.NoError(t, err)
	return s
}

func (s *shop) add(id, key string, kinds ...history.Kind) charter.Status {
	s.t.Helper()
	st, err := s.desk.Record(context.Background(), id, key, func(history.History) ([]history.Entry, error) {
		var es []history.Entry
		for _, k := range kinds {
			es = append(es, history.Entry{Kind: k})
		}
		return es, nil
	})
	require.NoError(s.t, err)
	return st
}

// tick moves the clock and ticks, and returns when the desk wants the next.
func (s *shop) tick(after time.Duration) time.Time {
	s.t.Helper()
	s.now = opening().Add(after)
	next, err := s.desk.Tick(context.Background())
	require.NoError(s.t, err)
	return next
}

func (s *shop) told() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.got {
		line := fmt.Sprintf("%s %s %s", d.Case, d.At.Sub(opening()), d.Kind)
		if d.Role != "" {
			line += " " + d.Role
		}
		if d.Withdrawn {
			line += " withdrawn"
		}
		out = append(out, line)
	}
	return out
}

func TestDeskTellsEachNoticeOnceAtItsInstant(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	st := s.add("T-1", "k1", history.Opened)
	require.Equal(t, opening().Add(time.Hour), st.Clocks[0].Due, "opening returns the deadlines")
	require.Equal(t, opening().Add(30*time.Minute), st.Head.Next)

	require.Equal(t, opening().Add(time.Minute), s.tick(0), "at most MaxSleep")
	require.Empty(t, s.told())
	s.tick(30 * time.Minute)
	s.tick(31 * time.Minute)
	require.Equal(t, []string{"T-1 30m0s warning"}, s.told())
	// Nobody ticks for hours; the notices carry the rule's instants.
	s.tick(5 * time.Hour)
	s.tick(6 * time.Hour)
	require.Equal(t, []string{
		"T-1 30m0s warning", "T-1 1h0m0s escalation supervisor", "T-1 1h0m0.000000001s breach", "T-1 2h0m0s escalation management",
	}, s.told())
	st = s.status("T-1")
	require.Equal(t, time.Time{}, st.Head.Next, "nothing left to wait for")
	require.Len(t, st.History.Entries, 1+4+4, "opened, and each notice recorded and delivered once")
	require.Empty(t, st.Faults, "the desk's own entries are sound")
	require.Empty(t, st.Findings)
}

func (s *shop) status(id string) charter.Status {
	s.t.Helper()
	st, err := s.desk.Status(context.Background(), id)
	require.NoError(s.t, err)
	return st
}

// Desks whose clocks differ by seconds write one history that runs forward.
func TestDeskWhoseClockIsBehindWritesAfterTheOthers(t *testing.T) {
	j := journal.NewMemory()
	fast, slow := newShop(t, j, nil), newShop(t, j, nil)
	slow.add("T-1", "", history.Opened)
	fast.now = opening().Add(2 * time.Second)
	fast.add("T-1", "", history.Accepted)
	slow.now = opening().Add(time.Second)
	got := slow.add("T-1", "", history.Responded)
	require.Empty(t, got.Faults)
	last := got.History.Entries[len(got.History.Entries)-1]
	require.Equal(t, slow.now, last.At, "when it happened is what its clock says")
	require.Equal(t, fast.now, last.RecordedAt())
}

func TestDeskKnowsACommandThatComesAgain(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	first := s.add("T-1", "open-1", history.Opened)
	again := s.add("T-1", "open-1", history.Opened)
	require.Equal(t, first.Head, again.Head)
	require.Len(t, again.History.Entries, 1)
}

func TestDeskAdoptsWithoutAFlood(t *testing.T) {
	s := newShop(t, journal.NewMemory(), func(c *charter.Config) { c.Cutover = opening().Add(90 * time.Minute) })
	s.now = opening().Add(80 * time.Minute)
	h := history.History{Case: "OLD-1", Entries: []history.Entry{{Seq: 1, At: opening(), Kind: history.Opened}}}
	require.NoError(t, s.desk.Adopt(context.Background(), h))
	require.NoError(t, s.desk.Adopt(context.Background(), h), "again changes nothing")
	s.tick(5 * time.Hour)
	require.Equal(t, []string{"OLD-1 2h0m0s escalation management"}, s.told())
}

func TestDeskRefuses(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, journal.NewMemory(), nil)
	_, err := charter.NewDesk(charter.Config{})
	require.ErrorIs(t, err, charter.ErrConfig)
	_, err = s.desk.Status(ctx, "none")
	require.ErrorIs(t, err, journal.ErrUnknownCase)
	require.ErrorContains(t, err, "none")
	_, err = s.desk.Record(ctx, "T-1", "", nil)
	require.Error(t, err)
	_, err = s.desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Opened, At: s.now.Add(time.Hour)}}, nil
	})
	require.ErrorIs(t, err, charter.ErrFuture)
	_, err = s.desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Opened}, {Kind: "bad\xffkind"}}, nil
	})
	require.ErrorContains(t, err, "T-1")
	boom := errors.New("boom")
	_, err = s.desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) { return nil, boom })
	require.ErrorIs(t, err, boom)
	_, err = s.desk.Status(ctx, "T-1")
	require.ErrorIs(t, err, journal.ErrUnknownCase, "none of these recorded anything")
}

// Commands and ticks of many goroutines and two desks on one journal: each
// notice is recorded once and delivered.
func TestDeskUnderConcurrentUse(t *testing.T) {
	j := journal.NewMemory()
	a, b := newShop(t, j, nil), newShop(t, j, nil)
	const cases = 20
	for i := range cases {
		a.add(fmt.Sprint("T-", i), "", history.Opened)
	}
	a.now, b.now = opening().Add(3*time.Hour), opening().Add(3*time.Hour)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			desk := []*charter.Desk{a.desk, b.desk}[g%2]
			for range 3 {
				if _, err := desk.Tick(context.Background()); err != nil {
					t.Error(err)
				}
			}
			for i := range cases {
				_, err := desk.Record(context.Background(), fmt.Sprint("T-", i), "", func(history.History) ([]history.Entry, error) {
					return []history.Entry{{Kind: history.Surveyed, Fields: history.Of("score", fmt.Sprint(g))}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	// A delivery that was claimed by a tick that lost its append comes later.
	a.tick(4 * time.Hour)
	recorded, delivered := map[string]int{}, map[string]int{}
	for i := range cases {
		for _, e := range a.status(fmt.Sprint("T-", i)).History.Entries {
			id, _ := e.Fields.Get("id")
			switch e.Kind {
			case history.NoticeRecorded:
				recorded[id]++
			case history.NoticeDelivered:
				delivered[id]++
			}
		}
	}
	require.Len(t, recorded, cases*4)
	for id, n := range recorded {
		require.Equal(t, 1, n, "recorded once")
		require.Equal(t, 1, delivered[id], "delivered")
	}
}

func TestDeskRunsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		begin := time.Now()
		rules, err := charter.ParseHandbook([]byte(deskRules))
		require.NoError(t, err)
		desk, err := charter.NewDesk(charter.Config{
			Handbook: rules, Journal: journal.NewMemory(), Now: time.Now, MaxSleep: 10 * time.Minute,
			Deliver: func(_ context.Context, d charter.Delivery) error {
				got = append(got, fmt.Sprint(time.Since(begin), " ", d.Kind))
				return nil
			},
		})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- desk.Run(ctx) }()
		time.Sleep(time.Minute)
		_, err = desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
			return []history.Entry{{Kind: history.Opened}}, nil
		})
		require.NoError(t, err)
		time.Sleep(3 * time.Hour)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		require.Equal(t, []string{"31m0s warning", "1h1m0s escalation", "1h1m0.000000001s breach", "2h1m0s escalation"}, got)
	})
}

func TestDeskBoundToATransactionReturnsTheConflict(t *testing.T) {
	j := journal.NewMemory()
	s := newShop(t, j, nil)
	s.add("T-1", "", history.Opened)
	bound := s.desk.With(j)
	calls := 0
	_, err := bound.Record(context.Background(), "T-1", "", func(history.History) ([]history.Entry, error) {
		if calls++; calls == 1 {
			s.add("T-1", "", history.Accepted)
		}
		return []history.Entry{{Kind: history.Responded}}, nil
	})
	require.ErrorIs(t, err, journal.ErrConflict)
	require.Equal(t, 1, calls)
	// The desk itself asks again.
	calls = 0
	_, err = s.desk.Record(context.Background(), "T-1", "", func(h history.History) ([]history.Entry, error) {
		if calls++; calls == 1 {
			s.add("T-1", "", history.Classified)
		}
		return []history.Entry{{Kind: history.Responded}}, nil
	})
	require.NoError(t, err)
	require.Equal(t, 2, calls)
	require.Equal(t, sla.Met, s.status("T-1").Clocks[0].State)
}

// A new handbook halves the limit: open cases are planned anew, without a word,
// and what was told stays told.
func TestDeskReplansOpenCases(t *testing.T) {
	ctx := context.Background()
	j := journal.NewMemory()
	s := newShop(t, j, nil)
	for i := range 30 {
		s.add(fmt.Sprint("T-", i), "", history.Opened)
	}
	for range 100 {
		s.add("T-0", "", history.Surveyed)
	}
	rules, err := charter.ParseHandbook([]byte(deskRules))
	require.NoError(t, err)
	rules, err = rules.Amend(charter.Patch{
		Base: rules.Pin(), Reason: "faster", Effective: calendar.Date{Year: 2025, Month: time.March, Day: 1},
		Changes: []charter.Change{{Edit: charter.SetLimit{Clause: "house/respond", Within: sla.Wall(30 * time.Minute)}}},
	})
	require.NoError(t, err)
	amended := newShop(t, j, func(c *charter.Config) { c.Handbook = rules })
	var at journal.Position
	for done := false; !done; {
		at, done, err = amended.desk.Replan(ctx, at)
		require.NoError(t, err)
	}
	for i := range 30 {
		require.Equal(t, opening().Add(15*time.Minute), amended.status(fmt.Sprint("T-", i)).Head.Next)
	}
	require.Empty(t, amended.told())
	rev := amended.status("T-7").Head.Rev
	_, _, err = amended.desk.Replan(ctx, "")
	require.NoError(t, err)
	require.Equal(t, rev, amended.status("T-7").Head.Rev, "again writes nothing")
	amended.tick(15 * time.Minute)
	require.Len(t, amended.told(), 30)
}

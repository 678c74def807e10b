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

func TestDeskIsSilentAboutWhatIsDone(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	s.add("T-1", "", history.Opened)
	s.now = opening().Add(20 * time.Minute)
	s.add("T-1", "", history.Responded)
	s.tick(5 * time.Hour)
	require.Empty(t, s.told())

	// Answered after the breach, but before anybody ticked: the breach is news,
	// warnings and rungs are moot.
	s.now = opening()
	s.add("T-2", "", history.Opened)
	s.now = opening().Add(90 * time.Minute)
	s.add("T-2", "", history.Responded)
	s.tick(5 * time.Hour)
	require.Equal(t, []string{"T-2 1h0m0.000000001s breach"}, s.told())
	s.tick(6 * time.Hour)
	require.Len(t, s.told(), 1)
}

func TestDeskTriesAgainWithBackOff(t *testing.T) {
	j := journal.NewMemory()
	s := newShop(t, j, nil)
	s.add("T-1", "", history.Opened)
	s.refuse = 2
	next := s.tick(30 * time.Minute)
	require.Empty(t, s.told())
	require.Equal(t, s.now.Add(10*time.Second), next)
	// Another process, after a restart: the attempts are in the journal.
	again := newShop(t, j, nil)
	again.refuse = 1
	next = again.tick(30*time.Minute + 10*time.Second)
	require.Equal(t, again.now.Add(20*time.Second), next)
	again.tick(30*time.Minute + 29*time.Second)
	require.Empty(t, again.told(), "not before its time")
	again.tick(30*time.Minute + 30*time.Second)
	require.Equal(t, []string{"T-1 30m0s warning"}, again.told())
	require.Equal(t, 3, again.got[0].Attempt)
}

// While one desk delivers, the others keep their hands off; when it dies, they
// take over after a while.
func TestDeskClaimsADelivery(t *testing.T) {
	j := journal.NewMemory()
	other := newShop(t, j, nil)
	var first *shop
	first = newShop(t, j, func(c *charter.Config) {
		c.Deliver = func(context.Context, charter.Delivery) error {
			other.now = first.now
			_, err := other.desk.Tick(context.Background())
			require.NoError(t, err)
			require.Empty(t, other.told())
			return nil
		}
	})
	first.add("T-1", "", history.Opened)
	first.tick(30 * time.Minute)
	other.tick(50 * time.Minute)
	require.Empty(t, other.told())

	// One that dies after it has told the host is followed by another.
	dead := &dying{Journal: j}
	dies := newShop(t, dead, nil)
	dies.now = opening().Add(61 * time.Minute)
	_, err := dies.desk.Tick(context.Background())
	require.ErrorIs(t, err, errStore)
	require.Len(t, dies.told(), 2)
	other.tick(61*time.Minute + 5*time.Second)
	require.Empty(t, other.told(), "it may still be at work")
	other.tick(62 * time.Minute)
	require.Equal(t, dies.told(), other.told(), "at least once")
}

// A command that comes in while a notice is on its way, after it was recorded
// and before its delivery was, does not make the case due for another desk.
func TestDeskKeepsAClaimThroughACommand(t *testing.T) {
	ctx := context.Background()
	for _, by := range []string{"the same desk", "another desk"} {
		t.Run(by, func(t *testing.T) {
			j := journal.NewMemory()
			other := newShop(t, j, nil)
			var first *shop
			deliveries := 0
			first = newShop(t, j, func(c *charter.Config) {
				c.Deliver = func(context.Context, charter.Delivery) error {
					deliveries++
					clerk := map[bool]*shop{true: first, false: other}[by == "the same desk"]
					clerk.add("T-1", "", history.Messaged)
					for item, err := range j.Due(ctx, first.now) {
						require.NoError(t, err)
						t.Errorf("%s is due at %v, while it is being told", item.Case, item.Next)
					}
					other.tick(30 * time.Minute)
					require.Empty(t, other.told())
					return nil
				}
			})
			other.now = opening().Add(30 * time.Minute)
			first.add("T-1", "", history.Opened)
			first.tick(30 * time.Minute)
			require.Equal(t, 1, deliveries)
			require.Equal(t, opening().Add(time.Hour), first.status("T-1").Head.Next, "the delivery is recorded, and the next instant is the handbook's")
			other.tick(45 * time.Minute)
			first.tick(45 * time.Minute)
			require.Equal(t, 1, deliveries)
			require.Empty(t, other.told())
		})
	}
}

// dying is a journal that takes one append and no more.
type dying struct {
	journal.Journal
	appends int
}

func (d *dying) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if d.appends++; d.appends > 1 {
		return journal.Head{}, errStore
	}
	return d.Journal.Append(ctx, b)
}

// What else falls due for the case does not bring a failed delivery forward.
func TestDeskKeepsTheBackOffOfEachNotice(t *testing.T) {
	s := newShop(t, journal.NewMemory(), func(c *charter.Config) { c.Retry = func(int) time.Duration { return time.Hour } })
	s.add("T-1", "", history.Opened)
	s.refuse = 1
	s.tick(30 * time.Minute)
	s.tick(65 * time.Minute)
	require.Equal(t, []string{"T-1 1h0m0s escalation supervisor", "T-1 1h0m0.000000001s breach"}, s.told())
	s.tick(90 * time.Minute)
	require.Equal(t, "T-1 30m0s warning", s.told()[2])
}

func TestDeskAsksOneRungHigherWhenNobodyIsThere(t *testing.T) {
	s := newShop(t, journal.NewMemory(), func(c *charter.Config) {
		c.Resolve = func(_ context.Context, role string, _ history.History) (string, bool, error) {
			return "li", role == "management", nil
		}
	})
	s.add("T-1", "", history.Opened)
	s.tick(time.Hour)
	require.Equal(t, "management", s.got[1].Role)
	require.Equal(t, "supervisor", s.got[1].Asked)
	require.Equal(t, "li", s.got[1].Person)
	// It stands in the history, too.
	h := s.status("T-1").History
	found := false
	for _, e := range h.Entries {
		found = found || e.Kind == history.NoticeDelivered && e.Fields.Has("role", "management") && e.Fields.Has("person", "li")
	}
	require.True(t, found)
}

func TestDeskWithdrawsWhatALateFactRefutes(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	s.add("T-1", "", history.Opened)
	s.tick(61 * time.Minute)
	require.Len(t, s.told(), 3)
	// The reply was given after 40 minutes, but recorded only now.
	_, err := s.desk.Record(context.Background(), "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Responded, At: opening().Add(40 * time.Minute)}}, nil
	})
	require.NoError(t, err)
	s.tick(62 * time.Minute)
	require.Equal(t, []string{"T-1 1h0m0s escalation supervisor withdrawn", "T-1 1h0m0.000000001s breach withdrawn"}, s.told()[3:])
	s.tick(5 * time.Hour)
	require.Len(t, s.told(), 5)

	var records []string
	for _, r := range charter.NoticeRecords(s.status("T-1").History) {
		require.Equal(t, "T-1", r.Case)
		require.Equal(t, "house/respond", r.Target)
		records = append(records, fmt.Sprint(r.Kind, " ", r.Role, " at ", r.At.Sub(opening()), " recorded ", r.Recorded.Sub(opening()), " ", r.Delivered, " ", r.Withdrawn))
	}
	require.Equal(t, []string{
		"warning  at 30m0s recorded 1h1m0s true false",
		"escalation supervisor at 1h0m0s recorded 1h1m0s true true",
		"breach  at 1h0m0.000000001s recorded 1h1m0s true true",
	}, records)
	require.Empty(t, charter.NoticeRecords(history.History{}))
}

// Of what was moot nobody knows, so nobody is told that it is withdrawn.
func TestDeskWithdrawsNothingThatNobodyKnows(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	s.add("T-1", "", history.Opened)
	s.now = opening().Add(90 * time.Minute)
	s.add("T-1", "", history.Responded)
	s.tick(100 * time.Minute)
	require.Equal(t, []string{"T-1 1h0m0.000000001s breach"}, s.told())
	_, err := s.desk.Record(context.Background(), "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Responded, At: opening().Add(20 * time.Minute)}}, nil
	})
	require.NoError(t, err)
	s.tick(101 * time.Minute)
	require.Equal(t, []string{"T-1 1h0m0.000000001s breach withdrawn"}, s.told()[1:])
	require.Zero(t, s.status("T-1").Head.Next)
}

func TestDeskStopsTheLadderForWhoAnswers(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	s.add("T-1", "", history.Opened)
	s.tick(61 * time.Minute)
	s.now = opening().Add(70 * time.Minute)
	_, err := s.desk.Record(context.Background(), "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.NoticeAcknowledged, Fields: history.Of("clause", "house/respond", "cycle", "1")}}, nil
	})
	require.NoError(t, err)
	s.tick(5 * time.Hour)
	require.Len(t, s.told(), 3, "management is not told")
	require.Len(t, charter.NoticeRecords(s.status("T-1").History), 3, "nor would it have been")
}

// A rung that fell due before somebody answered, and could not be delivered or
// recorded by then, is told to nobody any more; the breach is.
func TestDeskTellsNoRungToWhomItIsNoNews(t *testing.T) {
	answer := func(s *shop) {
		_, err := s.desk.Record(context.Background(), "T-1", "", func(history.History) ([]history.Entry, error) {
			return []history.Entry{{Kind: history.NoticeAcknowledged, Fields: history.Of("clause", "house/respond", "cycle", "1")}}, nil
		})
		require.NoError(t, err)
	}
	t.Run("refused delivery", func(t *testing.T) {
		s := newShop(t, journal.NewMemory(), nil)
		s.add("T-1", "", history.Opened)
		s.refuse = 3
		s.tick(61 * time.Minute)
		require.Zero(t, s.refuse, "warning, rung and breach")
		answer(s)
		s.tick(5 * time.Hour)
		require.Equal(t, []string{"T-1 1h0m0.000000001s breach"}, s.told())
	})
	t.Run("late tick", func(t *testing.T) {
		s := newShop(t, journal.NewMemory(), nil)
		s.add("T-1", "", history.Opened)
		s.now = opening().Add(61 * time.Minute)
		answer(s)
		s.tick(5 * time.Hour)
		require.Equal(t, []string{"T-1 1h0m0.000000001s breach"}, s.told())
	})
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

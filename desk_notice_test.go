package charter_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

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

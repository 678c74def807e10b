package charter_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

var (
	simSeeds = flag.Int("sim.seeds", 2000, "how many seeds TestDeskSimulation runs")
	simSeed  = flag.Uint64("sim.seed", 0, "the only seed to run, when not 0")
)

// simBooks are the handbooks that the desks of a simulation are given, in any
// order and not all at once: one for which tomorrow is provisional, and two
// that know which of the next days are off.
func simBooks(t testing.TB) (books []*charter.Handbook) {
	t.Helper()
	rules := strings.Replace(deskRules, `"clauses": [`, `"clauses": [
    {"id": "house/solve", "subject": "sla", "kind": "deadline", "check": "decidable",
     "text": {"en": "Solved within ten hours of ours."},
     "rule": {"metric": "resolution", "within": "10 business hours", "ladder": [{"at": "due", "role": "supervisor"}]}},`, 1)
	base, err := charter.ParseHandbook([]byte(rules))
	require.NoError(t, err)
	week, err := calendar.ParseWeek("Mo-Su 09:00-17:00; PH off")
	require.NoError(t, err)
	for off := range 3 {
		spec := calendar.Spec{Zone: "UTC", Hours: week, From: 2025, To: 2025}
		if off == 0 {
			spec.Published = calendar.Date{Year: 2025, Month: time.March, Day: 3}
		}
		for i := range off {
			spec.Days = append(spec.Days, calendar.Day{Date: calendar.Date{Year: 2025, Month: time.March, Day: 4 + i}, Off: true})
		}
		book, err := base.Amend(charter.Patch{
			Base: base.Pin(), Reason: "days", Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
			Changes: []charter.Change{
				{Edit: charter.SetCalendar{Spec: spec}}, {Edit: charter.SetPauses{Metric: "resolution", On: sla.On(history.Held)}},
			},
		})
		require.NoError(t, err)
		books = append(books, book)
	}
	return books
}

// world is a simulated afternoon: some desks with clocks of their own, some
// cases, and a store, a mail server and a wall clock that misbehave.
type world struct {
	rand      *rand.Rand
	now       time.Time
	store     *store
	books     []*charter.Handbook
	shops     [3]stall
	refuse    float64
	crash     float64
	depth     int // of ticks in the middle of deliveries
	delivered map[uuid.UUID]int
	acked     map[string][]string // case: keys whose command succeeded
	keys      int
	follower  follower
}

// stall is a process with its desk.
type stall struct {
	*process
	desk *charter.Desk
	book *charter.Handbook
	skew time.Duration
	plan journal.Position
}

// follower is a reader that keeps a copy of all cases by Scan.
type follower struct {
	after journal.Position
	cases map[string]history.History
}

// failing are the shares of calls that fail in a store: seldom, often, and by half.
var failing = [...]float64{0.02, 0.12, 0.5}

func newWorld(t testing.TB, books []*charter.Handbook, seed uint64) *world {
	w := &world{
		rand: rand.New(rand.NewPCG(seed, 1)), now: opening(), books: books, refuse: 0.3, crash: 0.01,
		delivered: map[uuid.UUID]int{}, acked: map[string][]string{},
		follower: follower{cases: map[string]history.History{}},
	}
	w.store = &store{Memory: journal.NewMemory(), rand: w.rand, rate: failing[w.rand.IntN(len(failing))]}
	for i := range w.shops {
		w.shops[i].book = books[w.rand.IntN(2)]
		w.restart(t, i)
	}
	return w
}

// jitter is how far a clock is off: by seconds, and now and then it has jumped
// by minutes.
func (w *world) jitter() time.Duration {
	if w.rand.IntN(10) == 0 {
		return time.Duration(w.rand.IntN(9)-4) * time.Minute
	}
	return time.Duration(w.rand.IntN(4001)-2000) * time.Millisecond
}

// restart begins a process anew: it knows nothing but the journal.
func (w *world) restart(t testing.TB, i int) {
	s := &w.shops[i]
	p := &process{store: w.store, crash: w.crash}
	desk, err := charter.NewDesk(charter.Config{
		Handbook: s.book, Journal: p, Now: func() time.Time { return w.now.Add(s.skew) },
		Deliver: func(_ context.Context, d charter.Delivery) error { return w.deliver(p, i, d) },
	})
	require.NoError(t, err)
	s.process, s.desk, s.plan, s.skew = p, desk, "", w.jitter()
}

// deliver is a mail server that refuses, is slow, takes a mail and denies it,
// and during which the process may die: between recording and
// delivery, between delivery and recording, and half-way through several.
func (w *world) deliver(p *process, i int, d charter.Delivery) error {
	if p.dies() {
		return errDead
	}
	// A command may come in while the mail is on its way, and other desks go on.
	if w.depth == 0 {
		w.depth++
		if w.rand.Float64() < 0.1 {
			w.command((i + 1) % len(w.shops))
		}
		if w.rand.Float64() < 0.1 {
			w.now = w.now.Add(time.Duration(w.rand.IntN(20)) * time.Second)
			_, _ = w.shops[(i+2)%len(w.shops)].desk.Tick(context.Background())
		}
		w.depth--
	}
	if w.rand.Float64() < w.refuse {
		return errors.New("simulated: refused")
	}
	if !d.Withdrawn {
		w.delivered[d.ID]++
	}
	if p.dies() || w.rand.Float64() < w.refuse/2 {
		return errors.New("simulated: taken, but nobody knows")
	}
	return nil
}

// command does something to a case; its key comes again when it fails,
// perhaps at another desk.
func (w *world) command(at int) {
	id := fmt.Sprint("T-", w.rand.IntN(5))
	kinds := []history.Kind{
		history.Opened, history.Responded, history.Messaged, history.Resolved, history.Reopened, history.Closed, history.Accepted,
		history.Held, history.Resumed,
	}
	kind := kinds[w.rand.IntN(len(kinds))]
	late := time.Duration(0)
	if w.rand.IntN(4) == 0 {
		late = time.Duration(w.rand.IntN(7200)) * time.Second
	}
	w.keys++
	key := fmt.Sprint("k", w.keys)
	for range 1 + w.rand.IntN(3) {
		did := false
		_, err := w.shops[at].desk.Record(context.Background(), id, key, func(h history.History) ([]history.Entry, error) {
			did = (len(h.Entries) == 0) == (kind == history.Opened)
			if !did {
				return nil, nil
			}
			return []history.Entry{{Kind: kind, At: w.now.Add(-late)}}, nil
		})
		if err == nil && did {
			w.acked[id] = append(w.acked[id], key)
		}
		if err == nil {
			return
		}
		at = w.rand.IntN(len(w.shops))
	}
}

func (w *world) run(t testing.TB, steps int) {
	ctx := context.Background()
	for range steps {
		i := w.rand.IntN(len(w.shops))
		s := &w.shops[i]
		switch w.rand.IntN(20) {
		case 0, 1, 2, 3, 4, 5:
			w.command(i)
		case 6, 7, 8, 9, 10, 11:
			_, _ = s.desk.Tick(ctx)
		case 12, 13, 14:
			w.now = w.now.Add(time.Duration(w.rand.IntN(3600)) * time.Second)
		case 15, 16:
			s.skew = w.jitter()
		case 17:
			s.book = w.books[w.rand.IntN(len(w.books))]
			require.NoError(t, s.desk.Use(s.book))
			s.plan = ""
		case 18:
			s.plan, _, _ = s.desk.Replan(ctx, s.plan)
		case 19:
			w.follower.follow(t, w.store)
		}
		for i := range w.shops {
			if w.shops[i].dead {
				w.restart(t, i)
			}
		}
	}
}

// follow reads on; what it has read it never reads again.
func (f *follower) follow(t testing.TB, j journal.Journal) {
	for r, err := range j.Scan(context.Background(), f.after) {
		if err != nil {
			return
		}
		h := f.cases[r.Case]
		h.Case = r.Case
		e, err := history.Decode(r.Data)
		require.NoError(t, err)
		h.Entries = append(h.Entries, e)
		f.cases[r.Case], f.after = h, r.Pos
	}
}

// calm ends all faults, gives all desks one handbook and lets the first plan
// by it.
func (w *world) calm(t testing.TB) {
	w.store.arrive(1)
	w.store.rate, w.refuse, w.crash = 0, 0, 0
	book := w.books[w.rand.IntN(len(w.books))]
	for i := range w.shops {
		s := &w.shops[i]
		s.book = book
		w.restart(t, i)
		s.skew = 0
	}
	_, done, err := w.shops[0].desk.Replan(context.Background(), "")
	require.NoError(t, err)
	require.True(t, done)
}

// heal waits until nothing is due any more.
func (w *world) heal(t testing.TB) {
	w.now = w.now.Add(24 * time.Hour)
	for range 200 {
		next, err := w.shops[0].desk.Tick(context.Background())
		require.NoError(t, err)
		w.now = next
		due := false
		for _, err := range w.store.Due(context.Background(), w.now.Add(2400*time.Hour)) {
			require.NoError(t, err)
			due = true
		}
		if !due {
			return
		}
		w.now = w.now.Add(time.Hour)
	}
	t.Fatal("something stays due for ever")
}

func TestDeskSimulation(t *testing.T) {
	books := simBooks(t)
	if *simSeed != 0 {
		simulate(t, books, *simSeed)
		return
	}
	const shards = 4
	for shard := range shards {
		t.Run(fmt.Sprint("shard ", shard+1), func(t *testing.T) {
			t.Parallel()
			for seed := shard + 1; seed <= *simSeeds; seed += shards {
				simulate(t, books, uint64(seed))
			}
		})
	}
}

func simulate(t *testing.T, books []*charter.Handbook, seed uint64) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil || t.Failed() {
			t.Errorf("again with: go test -run '^TestDeskSimulation$' . -sim.seed %d; %v", seed, p)
		}
	}()
	w := newWorld(t, books, seed)
	w.run(t, 90)
	w.calm(t)
	problem := w.check(t, false)
	if problem == "" {
		w.heal(t)
		problem = w.check(t, true)
	}
	if problem != "" {
		t.Fatalf("seed %d: %s", seed, problem)
	}
}

// One engine, three uses: what the desk knows live, the audit finds in the same
// histories afterwards.
func TestDeskAgreesWithTheAudit(t *testing.T) {
	books := simBooks(t)
	for seed := range uint64(50) {
		w := newWorld(t, books, seed+1)
		w.run(t, 100)
		w.calm(t)
		w.heal(t)
		w.follower.follow(t, w.store)
		live := map[string]map[sla.Verdict]uint64{"house/respond": {}, "house/solve": {}}
		var ids []string
		for i := range 5 {
			st, err := w.shops[0].desk.Status(context.Background(), fmt.Sprint("T-", i))
			if errors.Is(err, journal.ErrUnknownCase) {
				continue
			}
			require.NoError(t, err)
			ids = append(ids, st.History.Case)
			for i := range st.Clocks {
				live[st.Clocks[i].Target][st.Clocks[i].Verdict()]++
			}
		}
		by, err := audit.By(w.shops[0].book)
		require.NoError(t, err)
		report, err := audit.Run(context.Background(), by, audit.From(func(yield func(history.History) bool) {
			for _, id := range ids {
				if !yield(w.follower.cases[id]) {
					return
				}
			}
		}), audit.Options{Now: w.now})
		require.NoError(t, err)
		for clause, live := range live {
			c, ok := report.Clause(clause)
			require.True(t, ok)
			require.Equal(t, live[sla.Kept], c.Kept, "seed %d %s", seed+1, clause)
			require.Equal(t, live[sla.Broken], c.Breached, "seed %d %s", seed+1, clause)
			require.Equal(t, live[sla.Pending], c.Pending, "seed %d %s", seed+1, clause)
			require.Equal(t, live[sla.Unknown], c.NotEvaluable, "seed %d %s", seed+1, clause)
		}
	}
}

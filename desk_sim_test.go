package charter_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
)

var (
	simSeeds = flag.Int("sim.seeds", 2000, "how many seeds TestDeskSimulation runs")
	simSeed  = flag.Uint64("sim.seed", 0, "the only seed to run, when not 0")
)

var errStore = errors.New("simulated: the store is away")

// flaky is a journal that fails at every call with some probability: before
// the work, or after it, when the caller cannot know.
type flaky struct {
	journal.Journal
	rand *rand.Rand
	rate float64
}

func (f *flaky) fails() bool { return f.rand.Float64() < f.rate }

func (f *flaky) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if f.fails() {
		return journal.Head{}, errStore
	}
	h, err := f.Journal.Append(ctx, b)
	if err == nil && f.fails() {
		return journal.Head{}, errStore // kept all the same
	}
	return h, err
}

func (f *flaky) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	if f.fails() {
		return journal.Head{}, nil, errStore
	}
	return f.Journal.Read(ctx, id, after)
}

func (f *flaky) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		for item, err := range f.Journal.Due(ctx, until) {
			if f.fails() {
				yield(journal.Item{}, errStore)
				return
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// world is a simulated afternoon: some desks with clocks of their own, some
// cases, and a store, a mail server and a wall clock that misbehave.
type world struct {
	rand      *rand.Rand
	now       time.Time
	store     *flaky
	desks     []*charter.Desk
	rules     *charter.Handbook
	skew      []time.Duration
	refuse    float64
	delivered map[uuid.UUID]int
	retracted map[uuid.UUID]int
	acked     map[string][]string // case: keys whose command succeeded
	keys      int
}

func newWorld(t testing.TB, rules *charter.Handbook, seed uint64) *world {
	w := &world{
		rand: rand.New(rand.NewPCG(seed, 1)), now: opening(), rules: rules,
		delivered: map[uuid.UUID]int{}, retracted: map[uuid.UUID]int{}, acked: map[string][]string{},
	}
	w.store = &flaky{Journal: journal.NewMemory(), rand: w.rand, rate: 0.15}
	w.refuse = 0.3
	for i := range 3 {
		w.skew = append(w.skew, time.Duration(w.rand.IntN(4001)-2000)*time.Millisecond)
		desk, err := charter.NewDesk(charter.Config{
			Handbook: rules, Journal: w.store, Now: func() time.Time { return w.now.Add(w.skew[i]) },
			Deliver: func(_ context.Context, d charter.Delivery) error {
				// A command may come in while the mail is on its way.
				if w.rand.Float64() < 0.1 {
					w.command()
				}
				if w.rand.Float64() < w.refuse {
					return errors.New("simulated: refused")
				}
				if d.Withdrawn {
					w.retracted[d.ID]++
				} else {
					w.delivered[d.ID]++
				}
				if w.rand.Float64() < w.refuse/2 {
					return errors.New("simulated: taken, but nobody knows")
				}
				return nil
			},
		})
		require.NoError(t, err)
		w.desks = append(w.desks, desk)
	}
	return w
}

func (w *world) desk() *charter.Desk { return w.desks[w.rand.IntN(len(w.desks))] }

// command does something to a case; its key comes again when it fails.
func (w *world) command() {
	id := fmt.Sprint("T-", w.rand.IntN(5))
	kinds := []history.Kind{history.Opened, history.Responded, history.Messaged, history.Resolved, history.Reopened, history.Closed, history.Accepted}
	kind := kinds[w.rand.IntN(len(kinds))]
	late := time.Duration(0)
	if w.rand.IntN(4) == 0 {
		late = time.Duration(w.rand.IntN(7200)) * time.Second
	}
	w.keys++
	key := fmt.Sprint("k", w.keys)
	for range 1 + w.rand.IntN(3) {
		desk, did := w.desk(), false
		_, err := desk.Record(context.Background(), id, key, func(h history.History) ([]history.Entry, error) {
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
	}
}

func (w *world) run(steps int) {
	for range steps {
		switch w.rand.IntN(6) {
		case 0, 1:
			w.command()
		case 2, 3:
			_, _ = w.desk().Tick(context.Background())
		case 4:
			w.now = w.now.Add(time.Duration(w.rand.IntN(3600)) * time.Second)
		case 5:
			i := w.rand.IntN(len(w.skew))
			w.skew[i] = time.Duration(w.rand.IntN(4001)-2000) * time.Millisecond
		}
	}
}

// heal lets everything work again and waits until nothing is due any more.
func (w *world) heal(t testing.TB) {
	w.store.rate, w.refuse = 0, 0
	clear(w.skew)
	w.now = w.now.Add(24 * time.Hour)
	for range 200 {
		next, err := w.desks[0].Tick(context.Background())
		require.NoError(t, err)
		w.now = next
		due := false
		for _, err := range w.store.Journal.Due(context.Background(), w.now.Add(240*time.Hour)) {
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
	rules, err := charter.ParseHandbook([]byte(deskRules))
	require.NoError(t, err)
	seeds := []uint64{*simSeed}
	if *simSeed == 0 {
		seeds = seeds[:0]
		for i := range *simSeeds {
			seeds = append(seeds, uint64(i)+1)
		}
	}
	for _, seed := range seeds {
		w := newWorld(t, rules, seed)
		w.run(120)
		w.heal(t)
		if problem := w.check(t); problem != "" {
			t.Fatalf("seed %d: %s", seed, problem)
		}
	}
}

// check holds the end of the afternoon against a judgement of the histories by
// themselves.
func (w *world) check(t testing.TB) string {
	for i := range 5 {
		id := fmt.Sprint("T-", i)
		st, err := w.desks[0].Status(context.Background(), id)
		if errors.Is(err, journal.ErrUnknownCase) {
			if keys := w.acked[id]; len(keys) > 0 {
				return fmt.Sprintf("%s: commands %v were acknowledged and are gone", id, keys)
			}
			continue
		}
		require.NoError(t, err)
		standing, counts := map[uuid.UUID]bool{}, map[string]int{}
		for _, e := range st.History.Entries {
			if key, ok := e.Fields.Get("command"); ok {
				counts[key]++
			}
			text, _ := e.Fields.Get("id")
			n, _ := uuid.Parse(text)
			switch e.Kind {
			case history.NoticeRecorded:
				if standing[n] {
					return fmt.Sprintf("%s: notice %s is recorded twice", id, n)
				}
				standing[n] = true
			case history.NoticeWithdrawn:
				delete(standing, n)
			}
		}
		for key, n := range counts {
			if n > 1 {
				return fmt.Sprintf("%s: command %s stands %d times", id, key, n)
			}
		}
		for _, key := range w.acked[id] {
			if counts[key] == 0 {
				return fmt.Sprintf("%s: command %s was acknowledged and is lost", id, key)
			}
		}
		j, err := w.rules.Judge(st.History, st.Judgement.At)
		require.NoError(t, err)
		var want []uuid.UUID
		for _, n := range j.Notices(sla.Window{}) {
			want = append(want, n.ID)
			if !standing[n.ID] {
				return fmt.Sprintf("%s: %v of %v is lost", id, n.Kind, n.At)
			}
			moot := slices.ContainsFunc(st.History.Entries, func(e history.Entry) bool {
				return e.Kind == history.NoticeDelivered && e.Fields.Has("id", n.ID.String()) && e.Fields.Has("moot", "true")
			})
			if w.delivered[n.ID] == 0 && !moot {
				return fmt.Sprintf("%s: %v of %v was never delivered", id, n.Kind, n.At)
			}
		}
		if len(want) != len(standing) {
			return fmt.Sprintf("%s: %d notices stand, the history gives %d", id, len(standing), len(want))
		}
		if !st.Head.Next.IsZero() {
			return fmt.Sprintf("%s: still due at %v", id, st.Head.Next)
		}
	}
	return ""
}

// One engine, three uses: what the desk knows live, the audit finds in the same
// histories afterwards.
func TestDeskAgreesWithTheAudit(t *testing.T) {
	rules, err := charter.ParseHandbook([]byte(deskRules))
	require.NoError(t, err)
	by, err := audit.By(rules)
	require.NoError(t, err)
	for seed := range uint64(50) {
		w := newWorld(t, rules, seed+1)
		w.run(120)
		w.heal(t)
		live := map[sla.Verdict]uint64{}
		histories := map[string]history.History{}
		var ids []string
		for r, err := range w.store.Scan(context.Background(), "") {
			require.NoError(t, err)
			h, ok := histories[r.Case]
			if !ok {
				ids = append(ids, r.Case)
				h.Case = r.Case
			}
			e, err := history.Decode(r.Data)
			require.NoError(t, err)
			h.Entries = append(h.Entries, e)
			histories[r.Case] = h
		}
		now := w.now
		for _, id := range ids {
			st, err := w.desks[0].Status(context.Background(), id)
			require.NoError(t, err)
			require.Equal(t, st.History.Entries, histories[id].Entries, "what was read is what was scanned")
			for i := range st.Clocks {
				live[st.Clocks[i].Verdict()]++
			}
		}
		report, err := audit.Run(context.Background(), by, audit.From(func(yield func(history.History) bool) {
			for _, id := range ids {
				if !yield(histories[id]) {
					return
				}
			}
		}), audit.Options{Now: now})
		require.NoError(t, err)
		c, ok := report.Clause("house/respond")
		require.True(t, ok)
		require.Equal(t, live[sla.Kept], c.Kept, "seed %d", seed+1)
		require.Equal(t, live[sla.Broken], c.Breached, "seed %d", seed+1)
		require.Equal(t, live[sla.Pending], c.Pending, "seed %d", seed+1)
		require.Equal(t, live[sla.Unknown], c.NotEvaluable, "seed %d", seed+1)
	}
}

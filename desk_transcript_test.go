package charter_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// The transcripts of testdata/desk show desks at work, each in a Run of its
// own, on one journal and one clock, which begins on Saturday 2000-01-01 at
// 00:00 UTC. Each command prints what was delivered, and what went wrong, since the one before.
//
//	handbook NAME [within=…] [warn=…] [published=…] [off=(…)]
//	                 a handbook with a limit on resolution, or with the clauses of
//	                 the input, open all day long on weekdays that are not off,
//	                 its days known up to published
//	desk NAME handbook=… [cutover=…]   starts a desk
//	stop NAME        ends it
//	use NAME handbook=…
//	sleep SPAN       lets so much time go by
//	do CASE KIND [by=desk] [late=SPAN] [fields…]
//	fill NAME COUNT  opens so many cases
//	refuse COUNT     the mail server refuses so many deliveries
//	slow SPAN        the journal takes so long over each read
//	broken yes|no    the journal fails every read
//	due              lists the cases in the order in which they are due
//	entries CASE     lists the entries of a case, without ids
//	work             counts the records read, the reads of a case and the
//	                 appends without records, since it was last asked
func TestDeskTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/desk", func(t *testing.T, path string) {
		// The reader of transcripts keeps a ticker of its own and so stays outside the
		// bubble, in which nothing moves while it waits for the next command.
		commands, answers, end := make(chan *datadriven.TestData), make(chan string), make(chan bool)
		go func() {
			defer close(end)
			synctest.Test(t, func(t *testing.T) {
				o := &office{
					t: t, begin: time.Now().UTC(), journal: &meter{Journal: journal.NewMemory()},
					books: map[string]*charter.Handbook{}, desks: map[string]*charter.Desk{}, stops: map[string]func(){},
				}
				defer func() {
					for _, stop := range o.stops {
						stop()
					}
				}()
				for d := range commands {
					answers <- o.run(t, d)
				}
			})
		}()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			select {
			case commands <- d:
			case <-end:
				t.FailNow()
			}
			select {
			case a := <-answers:
				return a
			case <-end:
				t.FailNow()
				return ""
			}
		})
		close(commands)
		<-end
	})
}

// office is a journal, some desks and a mail server.
type office struct {
	t       testing.TB
	begin   time.Time
	journal *meter
	books   map[string]*charter.Handbook
	desks   map[string]*charter.Desk
	stops   map[string]func()

	mu     sync.Mutex
	log    strings.Builder
	refuse int
}

// meter counts what a journal does, and is as slow as it is told.
type meter struct {
	journal.Journal
	mu                     sync.Mutex
	slow                   time.Duration
	broken                 bool
	scanned, reads, claims int
}

func (m *meter) set(f func(*meter)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(m)
}

func (m *meter) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	var slow time.Duration
	var broken bool
	m.set(func(m *meter) {
		m.reads++
		slow, broken = m.slow, m.broken
	})
	time.Sleep(slow)
	if broken {
		return journal.Head{}, nil, errStore
	}
	return m.Journal.Read(ctx, id, after)
}

func (m *meter) Append(ctx context.Context, b journal.Batch) (journal.Head, error) {
	if len(b.Records) == 0 {
		m.set(func(m *meter) { m.claims++ })
	}
	return m.Journal.Append(ctx, b)
}

func (m *meter) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for r, err := range m.Journal.Scan(ctx, after) {
			m.set(func(m *meter) { m.scanned++ })
			if !yield(r, err) {
				return
			}
		}
	}
}

func (o *office) run(t *testing.T, d *datadriven.TestData) string {
	words := []string{}
	for _, a := range d.CmdArgs {
		if len(a.Vals) == 0 {
			words = append(words, a.Key)
		}
	}
	arg := func(key string) (v string) {
		for _, a := range d.CmdArgs {
			if a.Key == key {
				v = strings.Join(a.Vals, ",")
			}
		}
		return v
	}
	out := ""
	switch d.Cmd {
	case "handbook":
		o.books[words[0]] = o.handbook(d.Input, arg)
	case "desk":
		o.start(words[0], arg)
	case "stop":
		o.stops[words[0]]()
		delete(o.stops, words[0])
	case "use":
		require.NoError(t, o.desks[words[0]].Use(o.books[arg("handbook")]))
	case "sleep":
		d, err := time.ParseDuration(words[0])
		require.NoError(t, err)
		time.Sleep(d)
	case "do":
		out = o.do(d, words[0], history.Kind(words[1]), arg)
	case "fill":
		var n int
		_, err := fmt.Sscan(words[1], &n)
		require.NoError(t, err)
		for i := range n {
			o.do(d, fmt.Sprintf("%s-%03d", words[0], i+1), history.Opened, arg)
		}
	case "refuse":
		o.mu.Lock()
		_, err := fmt.Sscan(words[0], &o.refuse)
		o.mu.Unlock()
		require.NoError(t, err)
	case "slow":
		slow, err := time.ParseDuration(words[0])
		require.NoError(t, err)
		o.journal.set(func(m *meter) { m.slow = slow })
	case "broken":
		o.journal.set(func(m *meter) { m.broken = words[0] == "yes" })
	case "due":
		for item, err := range o.journal.Due(t.Context(), o.begin.AddDate(100, 0, 0)) {
			require.NoError(t, err)
			out += fmt.Sprintf("%s %s\n", item.Next.Format(time.DateTime), item.Case)
		}
	case "entries":
		out = o.entries(words[0])
	case "work":
		o.journal.set(func(m *meter) {
			out = fmt.Sprintf("%d records scanned, %d cases read, %d moved\n", m.scanned, m.reads, m.claims)
			m.scanned, m.reads, m.claims = 0, 0, 0
		})
	default:
		t.Fatalf("unknown command %q", d.Cmd)
	}
	synctest.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	out = o.log.String() + out
	o.log.Reset()
	return out
}

func (o *office) handbook(clauses string, arg func(string) string) *charter.Handbook {
	within, warnings := arg("within"), ""
	if within == "" {
		within = "3 working days"
	}
	if w := arg("warn"); w != "" {
		warnings = fmt.Sprintf(`, "warnings": [{"at": %q}]`, w)
	}
	if clauses == "" {
		clauses = fmt.Sprintf(`{"id": "house/resolve", "subject": "sla", "kind": "deadline", "check": "decidable",
		  "text": {"en": "Solved in time."},
		  "rule": {"metric": "resolution", "within": %q, "ladder": [{"at": "due", "role": "supervisor"}]%s}}`, within, warnings)
	}
	h, err := charter.ParseHandbook([]byte(fmt.Sprintf(`{
	  "id": "house", "version": "1", "title": {"en": "House rules"}, "sector": "general", "source": {"en": "Made for a test."},
	  "roles": [{"id": "agent", "zh": "客服人员", "rank": 1}, {"id": "supervisor", "zh": "主管", "rank": 2}],
	  "attributes": {"kind": {"values": [{"id": "ticket"}, {"id": "duty"}]}},
	  "clauses": [%s]}`, clauses)))
	require.NoError(o.t, err)
	week, err := calendar.ParseWeek("Mo-Fr 00:00-24:00; PH off")
	require.NoError(o.t, err)
	spec := calendar.Spec{Zone: "UTC", Hours: week, From: 2000, To: 2001}
	date := func(s string) (d calendar.Date) {
		require.NoError(o.t, d.UnmarshalText([]byte(s)))
		return d
	}
	if s := arg("published"); s != "" {
		spec.Published = date(s)
	}
	for _, s := range strings.FieldsFunc(arg("off"), func(r rune) bool { return r == ',' }) {
		spec.Days = append(spec.Days, calendar.Day{Date: date(s), Off: true})
	}
	h, err = h.Amend(charter.Patch{
		Base: h.Pin(), Reason: "test", Effective: date("1990-01-01"),
		Changes: []charter.Change{
			{Edit: charter.SetCalendar{Spec: spec}},
			{Edit: charter.SetPauses{Metric: "resolution", On: sla.On(history.Held)}},
		},
	})
	require.NoError(o.t, err)
	return h
}

func (o *office) start(name string, arg func(string) string) {
	c := charter.Config{
		Handbook: o.books[arg("handbook")], Journal: o.journal, Now: time.Now,
		Deliver: func(_ context.Context, d charter.Delivery) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.refuse > 0 {
				o.refuse--
				return errors.New("mail server away")
			}
			fmt.Fprintf(&o.log, "%s %s: %s %s", time.Now().UTC().Format(time.DateTime), name, d.Case, d.Kind)
			if d.Role != "" {
				fmt.Fprint(&o.log, " to ", d.Role)
			}
			if d.Withdrawn {
				o.log.WriteString(" withdrawn")
			}
			fmt.Fprint(&o.log, ", due ", d.Due.Format(time.DateTime))
			if d.Provisional {
				o.log.WriteString(" (provisional)")
			}
			if !d.Was.IsZero() {
				fmt.Fprint(&o.log, ", was ", d.Was.Format(time.DateTime))
			}
			o.log.WriteByte('\n')
			return nil
		},
		Observe: func(e charter.Event) {
			if e.Err != nil {
				o.mu.Lock()
				defer o.mu.Unlock()
				fmt.Fprintf(&o.log, "%s %s: %s: %v\n", time.Now().UTC().Format(time.DateTime), name, e.Kind, e.Err)
			}
		},
	}
	if s := arg("cutover"); s != "" {
		at, err := time.Parse(time.DateTime, s+" 00:00:00")
		require.NoError(o.t, err)
		c.Cutover = at
	}
	desk, err := charter.NewDesk(c)
	require.NoError(o.t, err)
	o.desks[name] = desk
	ctx, cancel := context.WithCancel(o.t.Context())
	done := make(chan error, 1)
	go func() { done <- desk.Run(ctx) }()
	o.stops[name] = func() {
		cancel()
		require.ErrorIs(o.t, <-done, context.Canceled)
	}
}

func (o *office) do(d *datadriven.TestData, id string, kind history.Kind, arg func(string) string) string {
	var names []string
	for name := range o.stops {
		names = append(names, name)
	}
	name := slices.Min(append(names, "zz"))
	if by := arg("by"); by != "" {
		name = by
	}
	e := history.Entry{Kind: kind}
	if s := arg("late"); s != "" {
		late, err := time.ParseDuration(s)
		require.NoError(o.t, err)
		e.At = time.Now().Add(-late)
	}
	for _, a := range d.CmdArgs {
		if len(a.Vals) > 0 && a.Key != "by" && a.Key != "late" {
			e.Fields = append(e.Fields, history.Field{Key: a.Key, Value: a.Vals[0]})
		}
	}
	st, err := o.desks[name].Record(o.t.Context(), id, "", func(history.History) ([]history.Entry, error) { return []history.Entry{e}, nil })
	if err != nil {
		return err.Error() + "\n"
	}
	out := ""
	for i := range st.Clocks {
		c := &st.Clocks[i]
		out += fmt.Sprintf("%s: %s, due %s", id, c.State, c.Due.Format(time.DateTime))
		if c.Provisional {
			out += " (provisional)"
		}
		out += "\n"
	}
	return out
}

func (o *office) entries(id string) string {
	_, records, err := o.journal.Journal.Read(o.t.Context(), id, 0)
	require.NoError(o.t, err)
	var b strings.Builder
	for _, r := range records {
		e, err := history.Decode(r.Data)
		require.NoError(o.t, err)
		fmt.Fprintf(&b, "%s %s", e.At.Format(time.DateTime), e.Kind)
		for _, f := range e.Fields {
			if f.Key != "id" && f.Key != "calendar" && f.Key != "revision" && f.Key != "metric" && f.Key != "clause" {
				fmt.Fprintf(&b, " %s=%s", f.Key, f.Value)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

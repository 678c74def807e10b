package charter_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// scanned counts what a journal holds.
func scanned(t testing.TB, j journal.Journal) (n int) {
	t.Helper()
	for _, err := range j.Scan(context.Background(), "") {
		require.NoError(t, err)
		n++
	}
	return n
}

// one is a command that adds the entry.
func one(e history.Entry) func(history.History) ([]history.Entry, error) {
	return func(history.History) ([]history.Entry, error) { return []history.Entry{e}, nil }
}

// What is due next, the earliest first and by id within an instant, up to and
// with the last instant that is asked for; a loop may end when it has enough.
func TestDeskUpcoming(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	for _, c := range []struct {
		id    string
		after time.Duration
	}{{"late", 20 * time.Minute}, {"b", 10 * time.Minute}, {"a", 10 * time.Minute}, {"early", 0}} {
		s.now = opening().Add(c.after)
		s.add(c.id, "", history.Opened)
	}
	s.now = opening()
	s.add("nothing to wait for", "", history.Opened, history.Responded)

	warning := func(after time.Duration) time.Time { return opening().Add(30*time.Minute + after) }
	upcoming := func(until time.Time) (got []journal.Item) {
		for item, err := range s.desk.Upcoming(context.Background(), until) {
			require.NoError(t, err)
			got = append(got, item)
		}
		return got
	}
	all := []journal.Item{
		{Case: "early", Next: warning(0)},
		{Case: "a", Next: warning(10 * time.Minute)},
		{Case: "b", Next: warning(10 * time.Minute)},
		{Case: "late", Next: warning(20 * time.Minute)},
	}
	require.Equal(t, all, upcoming(opening().AddDate(1, 0, 0)))
	require.Equal(t, all[:3], upcoming(warning(10*time.Minute)), "with the instant itself")
	require.Equal(t, all[:1], upcoming(warning(10*time.Minute-1)), "but none after it")
	require.Empty(t, upcoming(warning(-1)))
	require.Empty(t, upcoming(time.Time{}))
	for item, err := range s.desk.Upcoming(context.Background(), warning(time.Hour)) {
		require.NoError(t, err)
		require.Equal(t, "early", item.Case)
		break
	}

	s.tick(30 * time.Minute) // warned of: due at the limit now
	require.Equal(t, append(all[1:], journal.Item{Case: "early", Next: opening().Add(time.Hour)}), upcoming(warning(time.Hour)))

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var errs []error
	for _, err := range s.desk.Upcoming(ctx, warning(time.Hour)) {
		errs = append(errs, err)
	}
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], context.Canceled)
}

func TestDeskLogsFailedDeliveries(t *testing.T) {
	var out bytes.Buffer
	s := newShop(t, journal.NewMemory(), func(c *charter.Config) {
		c.Logger = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
	})
	s.add("T-1", "", history.Opened)
	s.refuse = 1
	s.tick(30 * time.Minute)
	require.Equal(t, `level=ERROR msg="cannot deliver a notice" case=T-1 err="mail server away"`+"\n", out.String())
	out.Reset()
	s.tick(31 * time.Minute)
	require.Equal(t, []string{"T-1 30m0s warning"}, s.told())
	require.Empty(t, out.String(), "success is no news")
}

// Without Deliver a desk keeps the record of what was to be told; a desk that
// can deliver finds it there.
func TestDeskWithoutDeliver(t *testing.T) {
	j := journal.NewMemory()
	s := newShop(t, j, func(c *charter.Config) { c.Deliver = nil })
	s.add("T-1", "", history.Opened)
	s.tick(30 * time.Minute)
	s.tick(31 * time.Minute)
	kinds := map[history.Kind]int{}
	st := s.status("T-1")
	for _, e := range st.History.Entries {
		kinds[e.Kind]++
	}
	require.Equal(t, map[history.Kind]int{history.Opened: 1, history.NoticeRecorded: 1}, kinds)
	require.Equal(t, opening().Add(time.Hour), st.Head.Next, "the notice does not come up again and again")

	other := newShop(t, j, nil)
	other.tick(time.Hour)
	require.Contains(t, other.told(), "T-1 30m0s warning")
}

// Bad input gives an error that names the case, and leaves no trace in the
// journal.
func TestDeskRefusesBadInput(t *testing.T) {
	big := history.Entry{Kind: history.Messaged, Fields: history.Of("text", strings.Repeat("x", 16<<20))}
	many := make([]history.Entry, 17)
	for i := range many {
		many[i] = history.Entry{Kind: history.Messaged, Fields: history.Of("text", strings.Repeat("x", 1<<20-1000))}
	}
	for _, c := range []struct {
		name, id string
		add      []history.Entry
		want     error
		says     []string
	}{
		{"an entry of 16 MiB", "T-1", []history.Entry{big}, history.ErrSize, []string{`"T-1"`}},
		{"entries of 17 MiB", "T-1", many, journal.ErrBatch, []string{`"T-1"`, "at most 16777216"}},
		{"an id that is not UTF-8", "T-\xff", []history.Entry{{Kind: history.Opened}}, journal.ErrBatch, []string{`"T-\xff"`, "UTF-8"}},
		{"an empty id", "", []history.Entry{{Kind: history.Opened}}, journal.ErrBatch, []string{`""`, "empty"}},
		{"a text that is not UTF-8", "T-1", []history.Entry{{Kind: history.Messaged, Fields: history.Of("text", "\xff")}}, history.ErrUTF8, []string{`"T-1"`, "text"}},
		{"no kind", "T-1", []history.Entry{{}}, history.ErrKind, []string{`"T-1"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t, journal.NewMemory(), nil)
			s.add("T-1", "", history.Opened)
			before, held := s.status("T-1"), scanned(t, s.journal)
			_, err := s.desk.Record(context.Background(), c.id, "k", func(history.History) ([]history.Entry, error) { return c.add, nil })
			require.ErrorIs(t, err, c.want)
			for _, part := range c.says {
				require.ErrorContains(t, err, part)
			}
			require.Less(t, len(err.Error()), 1000, "it does not repeat what is too large")
			require.Equal(t, before, s.status("T-1"))
			require.Equal(t, held, scanned(t, s.journal))
			if c.id != "T-1" {
				_, err := s.desk.Status(context.Background(), c.id)
				require.ErrorContains(t, err, c.says[0])
				require.NotErrorIs(t, err, journal.ErrUnknownCase, "there cannot be such a case")
			}
		})
	}
}

func TestDeskObeysACancelledContext(t *testing.T) {
	s := newShop(t, journal.NewMemory(), nil)
	s.add("T-1", "", history.Opened)
	s.now = opening().Add(30 * time.Minute)
	held := scanned(t, s.journal)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()

	_, err := s.desk.Record(ctx, "T-1", "k", one(history.Entry{Kind: history.Responded}))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, `"T-1"`)
	_, err = s.desk.Status(ctx, "T-1")
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, `"T-1"`)
	next, err := s.desk.Tick(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "what is due")
	require.Equal(t, s.now.Add(time.Minute), next)

	// Cancelled by fn itself: nothing of the command is kept.
	ctx, cancel = context.WithCancel(context.Background())
	_, err = s.desk.Record(ctx, "T-1", "k", func(history.History) ([]history.Entry, error) {
		cancel()
		return []history.Entry{{Kind: history.Responded}}, nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, `"T-1"`)

	require.Equal(t, held, scanned(t, s.journal))
	require.Empty(t, s.told())
	s.tick(30 * time.Minute)
	require.Equal(t, []string{"T-1 30m0s warning"}, s.told(), "and nothing is lost")
}

// cancelling ends a context once it has told what is due.
type cancelling struct {
	journal.Journal
	cancel context.CancelFunc
}

func (j cancelling) Due(ctx context.Context, until time.Time) iter.Seq2[journal.Item, error] {
	return func(yield func(journal.Item, error) bool) {
		defer j.cancel()
		j.Journal.Due(ctx, until)(yield)
	}
}

// A tick that is cancelled on its way stops at the case it has reached, and
// does not report an error for each of the others.
func TestDeskTickCancelledOnItsWay(t *testing.T) {
	memory := journal.NewMemory()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := newShop(t, cancelling{memory, cancel}, nil)
	for i := range 3 {
		s.add(fmt.Sprint("T-", i), "", history.Opened)
	}
	held := scanned(t, memory)
	s.now = opening().Add(30 * time.Minute)
	_, err := s.desk.Tick(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, `"T-0"`)
	require.NotContains(t, err.Error(), "T-1")
	require.Equal(t, held, scanned(t, memory))
	require.Empty(t, s.told())
}

func TestDeskOnNoJournalSaysSo(t *testing.T) {
	ctx := context.Background()
	s := newShop(t, journal.NewMemory(), nil)
	s.add("T-1", "", history.Opened)
	bound := s.desk.With(nil)
	_, err := bound.Status(ctx, "T-1")
	require.ErrorIs(t, err, charter.ErrConfig)
	_, err = bound.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Responded}}, nil
	})
	require.ErrorIs(t, err, charter.ErrConfig)
	require.ErrorContains(t, err, "T-1")
	_, err = bound.Tick(ctx)
	require.ErrorIs(t, err, charter.ErrConfig)
	_, _, err = bound.Replan(ctx, "")
	require.ErrorIs(t, err, charter.ErrConfig)
}

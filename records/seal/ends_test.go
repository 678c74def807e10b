package seal

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/sqlite"
)

// counting tells how often a store was read.
type counting struct {
	journal.Journal
	reads int
}

func (c *counting) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	c.reads++
	return c.Journal.Read(ctx, id, after)
}

func TestAppendReadsNothingItRemembers(t *testing.T) {
	store := &counting{Journal: journal.NewMemory()}
	one, other := New(store, Options{}), New(store, Options{})
	var h journal.Head
	add := func(j *Journal, reads int) {
		t.Helper()
		store.reads = 0
		var err error
		h, err = j.Append(t.Context(), journal.Batch{Case: "T-1", Expect: h, Records: [][]byte{{1}, {2}}})
		require.NoError(t, err)
		require.Equal(t, reads, store.reads)
	}
	add(one, 0)
	add(one, 0)
	add(other, 1)
	add(other, 0)
	add(one, 1)
	_, _, err := other.Read(t.Context(), "T-1", h.Version-1)
	require.NoError(t, err)
	add(other, 0)
	// A head that has moved without records is another one.
	h, err = other.Append(t.Context(), journal.Batch{Case: "T-1", Expect: h, Next: noon})
	require.NoError(t, err)
	add(other, 1)
	_, err = one.Verify(t.Context())
	require.NoError(t, err)
}

// The store gives the first result of a key, whoever asked for it. What this batch would have sealed is then not what the case ends with.
func TestResultOfAnothersKeyIsNotRemembered(t *testing.T) {
	h := newHouse(t, journal.NewMemory())
	head := h.add("T-1", []byte("opened"))
	slow := New(h.store, Options{})
	_, _, err := slow.Read(t.Context(), "T-1", 0)
	require.NoError(t, err)
	first, err := h.Append(t.Context(), journal.Batch{Case: "T-1", Key: "k", Expect: head, Records: [][]byte{[]byte("first")}})
	require.NoError(t, err)
	same, err := slow.Append(t.Context(), journal.Batch{Case: "T-1", Key: "k", Expect: head, Records: [][]byte{[]byte("second")}})
	require.NoError(t, err)
	require.Equal(t, first, same)
	_, err = slow.Append(t.Context(), journal.Batch{Case: "T-1", Expect: same, Records: [][]byte{[]byte("next")}})
	require.NoError(t, err)
	h.sound()
}

// What was appended in a transaction of the host's is not remembered: it may be rolled back, and somebody else gets that head.
func TestRolledBackAppendIsNotRemembered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	db := openSQLite(t, path)
	sealed := New(db, Options{})
	head, err := sealed.Append(t.Context(), journal.Batch{Case: "T-1", Records: [][]byte{[]byte("opened")}})
	require.NoError(t, err)
	host, err := sql.Open("sqlite", sqlite.DSN(path))
	require.NoError(t, err)
	defer host.Close()
	tx, err := host.Begin()
	require.NoError(t, err)
	within := sealed.With(db.In(tx))
	lost, err := within.Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("lost")}})
	require.NoError(t, err)
	require.NoError(t, tx.Rollback())
	again, err := New(db, Options{}).Append(t.Context(), journal.Batch{Case: "T-1", Expect: head, Records: [][]byte{[]byte("kept")}})
	require.NoError(t, err)
	require.Equal(t, lost.Rev, again.Rev)
	for _, j := range []*Journal{sealed, sealed.With(db)} {
		again, err = j.Append(t.Context(), journal.Batch{Case: "T-1", Expect: again, Records: [][]byte{[]byte("next")}})
		require.NoError(t, err)
	}
	_, err = sealed.Verify(t.Context())
	require.NoError(t, err)
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	var e ends
	for i := range 5 * generation {
		h := journal.Head{Version: uint64(i + 1), Rev: 1}
		e.put(fmt.Sprint(i), h, sum{byte(i)})
		require.LessOrEqual(t, len(e.young)+len(e.old), 2*generation)
		c, ok := e.after(fmt.Sprint(i), h)
		require.True(t, ok)
		require.Equal(t, chain{seq: h.Version, sum: sum{byte(i)}, knows: true}, c)
	}
	_, ok := e.after("0", journal.Head{Version: 1, Rev: 1})
	require.False(t, ok)
	var none *ends
	none.put("T-1", journal.Head{}, sum{})
	_, ok = none.after("T-1", journal.Head{})
	require.False(t, ok)
}

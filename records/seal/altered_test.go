package seal

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
)

// place is where a record stands.
type place struct {
	id  string
	seq uint64
}

// altered is a store in the hands of somebody who may write to it: it shows other records and heads than it was given.
type altered struct {
	journal.Journal
	data  map[place][]byte // nil: the record is gone
	heads map[string]journal.Head
	gone  map[string]bool // cases
}

func alter(j journal.Journal) *altered {
	return &altered{Journal: j, data: map[place][]byte{}, heads: map[string]journal.Head{}, gone: map[string]bool{}}
}

// stored gives a record's bytes as they are in the store.
func (a *altered) stored(t testing.TB, id string, seq uint64) []byte {
	t.Helper()
	_, records, err := a.Journal.Read(t.Context(), id, seq-1)
	require.NoError(t, err)
	require.Equal(t, seq, records[0].Seq)
	return records[0].Data
}

// restore makes it show what it was given.
func (a *altered) restore() {
	clear(a.data)
	clear(a.heads)
	clear(a.gone)
}

func (a *altered) show(r journal.Record) (journal.Record, bool) {
	if a.gone[r.Case] {
		return r, false
	}
	if data, ok := a.data[place{r.Case, r.Seq}]; ok {
		r.Data = slices.Clone(data)
		return r, data != nil
	}
	return r, true
}

func (a *altered) Read(ctx context.Context, id string, after uint64) (journal.Head, []journal.Record, error) {
	h, records, err := a.Journal.Read(ctx, id, after)
	if err == nil && a.gone[id] {
		return journal.Head{}, nil, journal.CaseError(id, journal.ErrUnknownCase)
	}
	if other, ok := a.heads[id]; ok {
		h = other
	}
	var shown []journal.Record
	for _, r := range records {
		if r, ok := a.show(r); ok {
			shown = append(shown, r)
		}
	}
	return h, shown, err
}

func (a *altered) Scan(ctx context.Context, after journal.Position) iter.Seq2[journal.Record, error] {
	return func(yield func(journal.Record, error) bool) {
		for r, err := range a.Journal.Scan(ctx, after) {
			r, ok := a.show(r)
			if (ok || err != nil) && !yield(r, err) {
				return
			}
		}
	}
}

// noon is the instant from which tests count.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123_456_789, time.UTC)

// entry is an entry in canonical bytes, with personal fields if a name is given.
func entry(t testing.TB, seq uint64, name string) []byte {
	t.Helper()
	e := history.Entry{Seq: seq, At: noon.Add(time.Duration(seq)), Kind: "opened", Fields: history.Of("tier", "urgent")}
	if name != "" {
		e.Personal = history.Of("name", name, "phone", "+86 138 0000 "+name)
	}
	b, err := e.AppendCanonical(nil)
	require.NoError(t, err)
	return b
}

// house is a sealed journal with all that belongs to it.
type house struct {
	testing.TB
	*Journal
	store    *altered
	keyring  *Keyring
	log      *Log
	logStore *journal.Memory
	signer   note.Signer
	verifier note.Verifier
	path     string
	master   MasterKey
}

const origin = "example.com/helpdesk"

func newHouse(t testing.TB, inner journal.Journal) *house {
	t.Helper()
	h := &house{TB: t, store: alter(inner), logStore: journal.NewMemory(), path: filepath.Join(t.TempDir(), "keys")}
	h.signer, h.verifier = signers(t, origin)
	h.master = MasterKey{RandomKey()}
	var err error
	h.keyring, err = CreateKeyring(t.Context(), h.path, h.master)
	require.NoError(t, err)
	h.log, err = OpenLog(t.Context(), h.logStore, origin, h.verifier)
	require.NoError(t, err)
	h.Journal = New(h.store, Options{Keys: h.keyring, Log: h.log, Subject: subject})
	return h
}

// subject: a name is enough here.
func subject(_ string, e history.Entry) string {
	name, _ := e.Personal.Get("name")
	return name
}

func signers(t testing.TB, name string) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(nil, name)
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(public)
	require.NoError(t, err)
	return signer, verifier
}

// add appends records to a case, one append each.
func (h *house) add(id string, records ...[]byte) journal.Head {
	h.Helper()
	head, _, err := h.store.Journal.Read(h.Context(), id, 1<<62)
	if err != nil {
		require.ErrorIs(h, err, journal.ErrUnknownCase)
	}
	for _, r := range records {
		head, err = h.Append(h.Context(), journal.Batch{Case: id, Expect: head, Records: [][]byte{r}})
		require.NoError(h, err)
	}
	return head
}

// entries appends n entries to a case, every third one with personal fields.
func (h *house) entries(id string, n int) journal.Head {
	h.Helper()
	var head journal.Head
	for i := range uint64(n) {
		name := ""
		if i%3 == 1 {
			name = "somebody"
		}
		head = h.add(id, entry(h, i+1, name))
	}
	return head
}

func (h *house) checkpoint() Checkpoint {
	h.Helper()
	signed, err := h.Journal.Checkpoint(h.Context(), h.signer)
	require.NoError(h, err)
	c, err := ReadCheckpoint(signed, h.verifier)
	require.NoError(h, err)
	return c
}

// sound holds the journal to being as it was sealed.
func (h *house) sound(held ...Checkpoint) Report {
	h.Helper()
	report, err := h.Verify(h.Context(), held...)
	require.NoError(h, err)
	return report
}

// named holds Verify to naming an entry.
func (h *house) named(want Fault, held ...Checkpoint) {
	h.Helper()
	report, err := h.Verify(h.Context(), held...)
	var f *Fault
	require.ErrorAs(h, err, &f)
	if want.Last == 0 {
		want.Last = want.Seq
	}
	require.Equal(h, want, *f, "%v", f)
	require.ErrorIs(h, err, ErrTampered)
	require.ErrorIs(h, err, want.Err)
	require.Equal(h, f, report.Faults[0])
	require.Contains(h, err.Error(), fmt.Sprintf("case %q, entr", want.Case))
}

// contents gives all that is stored, by place.
func contents(t testing.TB, j journal.Journal) map[place][]byte {
	t.Helper()
	all := map[place][]byte{}
	for r, err := range j.Scan(t.Context(), "") {
		require.NoError(t, err)
		all[place{r.Case, r.Seq}] = r.Data
	}
	return all
}

// places gives the places in order.
func places(all map[place][]byte) []place {
	return slices.SortedFunc(maps.Keys(all), func(a, b place) int {
		if a.id != b.id {
			if a.id < b.id {
				return -1
			}
			return 1
		}
		return int(a.seq) - int(b.seq)
	})
}

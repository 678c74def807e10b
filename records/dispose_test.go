package records_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records"
	"github.com/servicecharter/charter/records/recordstest"
)

// due is a site with one record whose ceiling is over.
func due(t *testing.T) (recordstest.Site, *records.Disposer) {
	site := recordstest.Memory()
	require.NoError(t, site.Put(t.Context(), "T-1", caseOf(t, "2020-05-01", "kind", "ticket").History.Entries))
	return site, &records.Disposer{
		Schedule: schedule(t, records.Rule{Clause: "a", From: closed, AtMost: records.Years(1)}), Store: site.Store, Ledger: site.Ledger,
		Now: func() time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) },
	}
}

// TestCertificateProves: the digest is of the parts, each with its length, and nothing else has it.
func TestCertificateProves(t *testing.T) {
	_, d := due(t)
	c, err := d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	var parts [][]byte
	for i, e := range caseOf(t, "2020-05-01", "kind", "ticket").History.Entries {
		e.Seq = uint64(i) + 1
		b, err := e.AppendCanonical(nil)
		require.NoError(t, err)
		parts = append(parts, b)
	}
	assert.True(t, c.Proves(slices.Values(parts)))
	assert.False(t, c.Proves(slices.Values(parts[:1])))
	assert.False(t, c.Proves(slices.Values([][]byte{parts[1], parts[0]})))
	assert.False(t, c.Proves(slices.Values([][]byte{slices.Concat(parts...)})))
	assert.Equal(t, []string{"a"}, c.Clauses())
	// The first is the published SHA-256 of nothing. The others are those of eight zero bytes, and of a length of three and "abc", by sha256sum and OpenSSL.
	for want, parts := range map[string][][]byte{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": {},
		"af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc": {{}},
		"c3494ca1a2cf8eeb8a11ded316fb55b83c3bbbedb6313cd50415251e5d09e12f": {[]byte("abc")},
	} {
		assert.Equal(t, want, records.DigestOf(slices.Values(parts)).String())
	}
}

// TestOneOfManyDisposes: many at once give one certificate.
func TestOneOfManyDisposes(t *testing.T) {
	site, d := due(t)
	var wg sync.WaitGroup
	certificates := make([]records.Certificate, 8)
	for i := range certificates {
		wg.Go(func() {
			c, err := d.Dispose(context.Background(), "T-1")
			assert.NoError(t, err)
			certificates[i] = c
		})
	}
	wg.Wait()
	for _, c := range certificates {
		assert.Equal(t, certificates[0], c)
	}
	stored, err := site.Store.Load(t.Context(), "T-1")
	require.NoError(t, err)
	bytes, err := certificates[0].Bytes()
	require.NoError(t, err)
	assert.Equal(t, string(bytes), string(stored.Tombstone))
	disposed := 0
	for n, err := range site.Ledger.Notes(t.Context()) {
		require.NoError(t, err)
		if n.Kind == records.Disposed {
			disposed++
		}
	}
	assert.Equal(t, 1, disposed)
}

// touching adds to the record just before it is erased, once.
type touching struct {
	records.Store
	touch func()
}

func (s *touching) Erase(ctx context.Context, id, version string, tombstone []byte) error {
	if s.touch != nil {
		s.touch()
		s.touch = nil
	}
	return s.Store.Erase(ctx, id, version, tombstone)
}

// TestRecordThatChangesIsDecidedAnew: what was added between the decision and the erasure is not lost with it.
func TestRecordThatChangesIsDecidedAnew(t *testing.T) {
	site, d := due(t)
	d.Store = &touching{site.Store, func() {
		e := history.Entry{At: d.Now().Add(-time.Hour), Kind: history.Reopened}
		require.NoError(t, site.Put(t.Context(), "T-1", []history.Entry{e}))
	}}
	_, err := d.Dispose(t.Context(), "T-1")
	require.ErrorIs(t, err, records.ErrKept)
	var kept *records.KeptError
	require.ErrorAs(t, err, &kept)
	assert.Equal(t, records.Keep, kept.Decision.Action)
	notes, err := site.Ledger.Of(t.Context(), "T-1")
	require.NoError(t, err)
	require.Len(t, notes, 2)
	assert.Equal(t, records.Withdrawn, notes[1].Kind)
}

// TestHoldPlacedAfterTheIntentionIsSeen: holds are read again once the intention stands in the ledger.
func TestHoldPlacedAfterTheIntentionIsSeen(t *testing.T) {
	site, d := due(t)
	d.Holds = func(ctx context.Context) ([]records.Hold, error) {
		notes, err := site.Ledger.Of(ctx, "T-1")
		if len(notes) == 0 {
			return nil, err
		}
		return []records.Hold{{Name: "h", Placed: d.Now(), Everything: true}}, err
	}
	_, err := d.Dispose(t.Context(), "T-1")
	require.ErrorIs(t, err, records.ErrKept)
	stored, err := site.Store.Load(t.Context(), "T-1")
	require.NoError(t, err)
	assert.False(t, stored.Erased)
}

// TestErasedByOthers: what was erased without a certificate is not taken for disposed of.
func TestErasedByOthers(t *testing.T) {
	site, d := due(t)
	stored, err := site.Store.Load(t.Context(), "T-1")
	require.NoError(t, err)
	require.NoError(t, site.Store.Erase(t.Context(), "T-1", stored.Version, []byte("gone")))
	_, err = d.Dispose(t.Context(), "T-1")
	require.ErrorIs(t, err, records.ErrForeign)
	notes, err := site.Ledger.Of(t.Context(), "T-1")
	require.NoError(t, err)
	assert.Empty(t, notes)
}

// TestErasedAsAnother: the certificate of another record does not show that this one was disposed of.
func TestErasedAsAnother(t *testing.T) {
	site, d := due(t)
	require.NoError(t, site.Put(t.Context(), "T-2", caseOf(t, "2020-05-01", "kind", "ticket").History.Entries))
	c, err := d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	tombstone, err := c.Bytes()
	require.NoError(t, err)
	stored, err := site.Store.Load(t.Context(), "T-2")
	require.NoError(t, err)
	require.NoError(t, site.Store.Erase(t.Context(), "T-2", stored.Version, tombstone))
	_, err = d.Dispose(t.Context(), "T-2")
	require.ErrorIs(t, err, records.ErrForeign)
	notes, err := site.Ledger.Of(t.Context(), "T-2")
	require.NoError(t, err)
	assert.Empty(t, notes)
}

// TestPlanGoesOn: one record that cannot be decided on does not hide the others.
func TestPlanGoesOn(t *testing.T) {
	_, d := due(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ids := slices.Values([]string{"T-0", "T-1", "T-9"})
	var seen []string
	for decision, err := range d.Plan(ctx, ids) {
		seen = append(seen, decision.Record+" "+decision.Action.String())
		assert.Equal(t, decision.Record != "T-1", errors.Is(err, records.ErrUnknown))
	}
	assert.Equal(t, []string{"T-0 keep", "T-1 dispose", "T-9 keep"}, seen)
	seen = nil
	for decision, err := range d.Plan(ctx, ids) {
		seen = append(seen, decision.Record)
		cancel()
		assert.Error(t, err)
	}
	assert.Equal(t, []string{"T-0"}, seen)
}

// TestReviewOfNothing: what cannot be reviewed says why.
func TestReviewOfNothing(t *testing.T) {
	_, d := due(t)
	_, err := d.Review(t.Context(), "T-1", "", true)
	require.ErrorIs(t, err, records.ErrNobody)
	_, err = d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	_, err = d.Review(t.Context(), "T-1", "anna", false)
	require.ErrorIs(t, err, records.ErrGone)
}

// TestUnderway: a disposal that was cut short is under way until it is resumed; one that came to an end is not.
func TestUnderway(t *testing.T) {
	site, d := due(t)
	for _, id := range []string{"T-2", "T-0"} {
		require.NoError(t, site.Put(t.Context(), id, caseOf(t, "2020-05-01", "kind", "ticket").History.Entries))
	}
	underway := func() (ids []string) {
		for id, err := range (&records.Disposer{Ledger: site.Ledger}).Underway(t.Context()) {
			require.NoError(t, err)
			ids = append(ids, id)
		}
		return ids
	}
	assert.Empty(t, underway())
	_, err := d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	down := errors.New("down")
	d.Store = &failingStore{site.Store, down}
	for _, id := range []string{"T-2", "T-0", "T-2"} {
		_, err := d.Dispose(t.Context(), id)
		require.ErrorIs(t, err, down)
	}
	assert.ElementsMatch(t, []string{"T-2", "T-0"}, underway())
	assert.Equal(t, "T-2", underway()[0], "the same intention is not noted twice, so that the older one stays first")
	d.Store = site.Store
	for _, err := range d.Resume(t.Context()) {
		require.NoError(t, err)
	}
	assert.Empty(t, underway())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range d.Underway(ctx) {
		require.ErrorIs(t, err, context.Canceled)
	}
	for _, err := range (&records.Disposer{}).Underway(t.Context()) {
		require.ErrorIs(t, err, records.ErrDisposer)
	}
}

// failingStore erases nothing.
type failingStore struct {
	records.Store
	err error
}

func (s *failingStore) Erase(context.Context, string, string, []byte) error { return s.err }

// TestRestoredRecordThatGrewIsLeft: an id that was used again after a restore holds facts that nobody decided on.
func TestRestoredRecordThatGrewIsLeft(t *testing.T) {
	site, d := due(t)
	restore := site.Backup()
	_, err := d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	d.Store = restore()
	grown := &grownStore{d.Store, history.Entry{Seq: 3, At: d.Now().Add(time.Second), Kind: history.Messaged}}
	d.Store = grown
	for r, err := range d.Reapply(t.Context(), false) {
		require.NoError(t, err)
		assert.Equal(t, records.Grown, r.Outcome)
	}
	d.Store = grown.Store
	for r, err := range d.Reapply(t.Context(), false) {
		require.NoError(t, err)
		assert.Equal(t, records.Again, r.Outcome)
	}
}

type grownStore struct {
	records.Store
	more history.Entry
}

func (s *grownStore) Load(ctx context.Context, id string) (records.Stored, error) {
	stored, err := s.Store.Load(ctx, id)
	stored.Record.History.Entries = append(slices.Clone(stored.Record.History.Entries), s.more)
	return stored, err
}

// TestFailuresAreTold: errors of store, ledger and holds come back, and nothing is erased.
func TestFailuresAreTold(t *testing.T) {
	site, d := due(t)
	down := errors.New("down")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Dispose(ctx, "T-1")
	require.ErrorIs(t, err, context.Canceled)
	d.Holds = func(context.Context) ([]records.Hold, error) { return nil, down }
	_, err = d.Dispose(t.Context(), "T-1")
	require.ErrorIs(t, err, down)
	_, err = d.Dispose(t.Context(), "T-2")
	require.ErrorIs(t, err, records.ErrUnknown)
	for _, err := range d.Plan(t.Context(), slices.Values([]string{"T-1"})) {
		require.ErrorIs(t, err, down)
	}
	stored, err := site.Store.Load(t.Context(), "T-1")
	require.NoError(t, err)
	assert.False(t, stored.Erased)
}

// TestIncompleteDisposer: what was forgotten is an error, and no panic.
func TestIncompleteDisposer(t *testing.T) {
	site, _ := due(t)
	now := func() time.Time { return time.Unix(0, 0) }
	for _, d := range []*records.Disposer{{}, {Store: site.Store, Now: now}, {Ledger: site.Ledger, Now: now}, {Store: site.Store, Ledger: site.Ledger}} {
		_, err := d.Dispose(t.Context(), "T-1")
		require.ErrorIs(t, err, records.ErrDisposer)
		_, err = d.Review(t.Context(), "T-1", "anna", true)
		require.ErrorIs(t, err, records.ErrDisposer)
		for _, err := range d.Plan(t.Context(), slices.Values([]string{"T-1"})) {
			require.ErrorIs(t, err, records.ErrDisposer)
		}
		for _, err := range d.Resume(t.Context()) {
			require.ErrorIs(t, err, records.ErrDisposer)
		}
		for _, err := range d.Reapply(t.Context(), true) {
			require.ErrorIs(t, err, records.ErrDisposer)
		}
	}
	d := &records.Disposer{Store: site.Store, Ledger: site.Ledger, Now: now} // without a schedule all is kept
	_, err := d.Dispose(t.Context(), "T-1")
	require.ErrorIs(t, err, records.ErrKept)
}

func TestCertificateBytes(t *testing.T) {
	_, d := due(t)
	c, err := d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	b, err := c.Bytes()
	require.NoError(t, err)
	again, err := records.ParseCertificate(b)
	require.NoError(t, err)
	assert.Equal(t, c.Text("en"), again.Text("en"))
	assert.Contains(t, again.Text("zh-Hans"), "销毁")
	for _, bad := range []string{
		"", "{}", "null", "[]", "gone", string(b) + " ", " " + string(b), strings.Replace(string(b), `"record"`, `"other":1,"record"`, 1),
		strings.Replace(string(b), `"T-1"`, `""`, 1), string(b[:len(b)-1]), strings.Replace(string(b), c.Digest.String(), "00", 1),
		strings.Replace(string(b), c.Digest.String(), strings.Repeat("x", 64), 1),
	} {
		_, err := records.ParseCertificate([]byte(bad))
		assert.ErrorIs(t, err, records.ErrCertificate, bad)
	}
	n := records.Note{Kind: records.Disposed, Record: "T-1", At: c.At, Certificate: &c}
	line, err := n.Bytes()
	require.NoError(t, err)
	read, err := records.ParseNote(line)
	require.NoError(t, err)
	assert.Equal(t, n.Certificate.Text("en"), read.Certificate.Text("en"))
	for _, bad := range []string{"", "{}", string(line) + "\n", strings.Replace(string(line), "disposed", "reviewed", 1)} {
		_, err := records.ParseNote([]byte(bad))
		assert.ErrorIs(t, err, records.ErrNote, bad)
	}
}

func FuzzParseCertificate(f *testing.F) {
	c := records.Certificate{ID: "x", Record: "T-1", At: time.Unix(0, 0).UTC()}
	b, err := c.Bytes()
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte(`{"at":"2025-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := records.ParseCertificate(b)
		if err != nil {
			require.ErrorIs(t, err, records.ErrCertificate)
			return
		}
		again, err := c.Bytes()
		require.NoError(t, err)
		require.Equal(t, string(b), string(again))
	})
}

// TestErasedBeforeTheLedgerSaysSo: what goes with a record goes before the note; when it fails, Resume calls it again, and a restore calls it once more.
func TestErasedBeforeTheLedgerSaysSo(t *testing.T) {
	site, d := due(t)
	restore := site.Backup()
	down, calls := errors.New("down"), []records.Certificate{}
	fails := true
	d.Erased = func(ctx context.Context, c records.Certificate) error {
		calls = append(calls, c)
		stored, err := d.Store.Load(ctx, c.Record)
		assert.NoError(t, err)
		assert.True(t, stored.Erased)
		if fails {
			return down
		}
		return nil
	}
	kinds := func() (kinds []records.NoteKind) {
		notes, err := site.Ledger.Of(t.Context(), "T-1")
		require.NoError(t, err)
		for _, n := range notes {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	for range 2 { // erased by this call, and found erased
		_, err := d.Dispose(t.Context(), "T-1")
		require.ErrorIs(t, err, down)
		assert.Equal(t, []records.NoteKind{records.Intended}, kinds())
	}
	fails = false
	for id, err := range d.Resume(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "T-1", id)
	}
	assert.Equal(t, []records.NoteKind{records.Intended, records.Disposed}, kinds())
	for range d.Resume(t.Context()) {
		t.Error("nothing is open")
	}
	require.Len(t, calls, 3)
	d.Store, fails = restore(), true
	for _, err := range d.Reapply(t.Context(), false) {
		require.ErrorIs(t, err, down)
	}
	fails = false
	_, err := d.Dispose(t.Context(), "T-1")
	require.NoError(t, err)
	assert.Len(t, calls, 5)
	for _, c := range calls {
		assert.Equal(t, calls[0], c)
	}
}

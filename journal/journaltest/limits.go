package journaltest

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// limits: the largest that is allowed is kept, and the smallest that is not is refused with nothing done.
func limits(p *probe) {
	full := bytes.Repeat([]byte("0123456789abcdef"), journal.MaxRecord/16)
	h := p.append(journal.Batch{Case: "large", Records: [][]byte{full}})
	h = p.append(journal.Batch{Case: "large", Expect: h, Records: slicesOf(full, journal.MaxBatch/journal.MaxRecord)})
	_, records, err := p.j.Read(p.ctx, "large", 0)
	require.NoError(p, err)
	require.Len(p, records, 17)
	for _, r := range append(records, p.scanned("", 17)...) {
		require.True(p, bytes.Equal(full, r.Data), "record %d has %d bytes", r.Seq, len(r.Data))
	}

	many := make([][]byte, journal.MaxRecords)
	for i := range many {
		many[i] = fmt.Append(nil, i+1)
	}
	m := p.append(journal.Batch{Case: "many", Records: many})
	_, records, err = p.j.Read(p.ctx, "many", 990)
	require.NoError(p, err)
	require.Equal(p, "991", string(records[0].Data))
	require.Equal(p, "1000", string(records[9].Data))

	over := bytes.Repeat([]byte{'x'}, journal.MaxRecord+1)
	for what, refused := range map[string][][]byte{
		"record":      {over},
		"last record": {[]byte("fine"), over},
		"16 MiB":      {bytes.Repeat([]byte{'x'}, 16<<20)},
		"records":     make([][]byte, journal.MaxRecords+1),
		"bytes":       append(slicesOf(full, journal.MaxBatch/journal.MaxRecord), []byte{1}),
	} {
		for _, b := range []journal.Batch{{Case: "new", Records: refused}, {Case: "many", Expect: m, Records: refused, Next: noon, Key: "k"}} {
			_, err := p.j.Append(p.ctx, b)
			p.refused(err, journal.ErrBatch, b.Case)
			var e *journal.BatchError
			require.ErrorAs(p, err, &e, what)
			require.Less(p, len(err.Error()), 500, "an error does not repeat the data")
		}
	}
	p.absent("new")
	p.append(journal.Batch{Case: "many", Key: "k", Expect: m, Records: texts("1001")})
	p.append(journal.Batch{Case: "large", Expect: h})
}

func slicesOf(data []byte, n int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		all[i] = data
	}
	return all
}

// hostileIDs are names that are allowed, and that something on the way to the disk may take for something else. Pairs of them
// are equal to who folds case, blanks or Unicode forms.
func hostileIDs() []string {
	return []string{
		"'", "''", `"`, "`", `\`, `\'`, `\\`, "--", "'; DROP TABLE records; --", `" OR ""="`, "1) OR (1=1", "$1", "?", ":case", "@p1", "%", "_", "%s%n", "{{.}}", "${HOME}",
		"NULL", "null", "nil", "true", "0", "-1", "00", "1e3", "0x10", "NaN",
		".", "..", "/", "../../../etc/passwd", `C:\CON`, "a/b", "a//b", "file:///x", "*",
		" ", "  ", "x", " x", "x ", "x  ", "X", "\u00a0", "\u200b", "x\u200b",
		"é", "e\u0301", "ß", "ss", "SS", "İ", "i\u0307", "ı", "I", "K", "\u212a", "ﬁ", "fi",
		"案件", "案件甲", "مرحبا", "\u202eevil", "\U0001F469\u200d\U0001F4BB", "\uFEFF", "\uFFFD", "\uFFFF", "\U0010FFFF", "\u2028",
		"<script>", "&amp;", `{"case":1}`, "a,b", "a;b", "a=b", "a|b", "a.b", "a\u0338",
		strings.Repeat("n", journal.MaxID), strings.Repeat("n", journal.MaxID-1), strings.Repeat("界", journal.MaxID/3),
	}
}

// ids: every allowed id is its own case, and every other is refused.
func ids(p *probe) {
	all := hostileIDs()
	heads := map[string]journal.Head{}
	for _, id := range all {
		heads[id] = p.append(journal.Batch{Case: id, Records: texts("of " + id), Next: noon})
	}
	require.Len(p, heads, len(all), "the list has no id twice")
	for _, id := range all {
		heads[id] = p.append(journal.Batch{Case: id, Expect: heads[id], Records: texts("more"), Next: noon})
	}
	for _, id := range all {
		h, records, err := p.j.Read(p.ctx, id, 0)
		require.NoError(p, err, "%q", id)
		p.sameHead(heads[id], h)
		require.Equal(p, []string{"of " + id, "more"}, contents(records))
		require.Equal(p, id, records[0].Case)
	}
	for _, r := range p.scanned("", 2*len(all)) {
		if r.Seq == 1 {
			require.Equal(p, "of "+r.Case, string(r.Data))
		}
	}
	require.Len(p, p.dueAt(noon), len(all))

	for _, id := range []string{
		"", "\x00", "a\x00b", "a\nb", "\t", "\x1b[31m", "\x7f", "\u0085",
		"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", strings.Repeat("n", journal.MaxID+1), strings.Repeat("界", 67), strings.Repeat("n", 1<<20),
	} {
		_, err := p.j.Append(p.ctx, journal.Batch{Case: id, Records: texts("x")})
		p.refusedID(err, id)
		_, _, err = p.j.Read(p.ctx, id, 0)
		p.refusedID(err, id)
		_, err = p.j.Erase(p.ctx, id, journal.Head{}, nil)
		p.refusedID(err, id)
		if id != "" {
			_, err = p.j.Append(p.ctx, journal.Batch{Case: "x", Key: id, Expect: heads["x"], Records: texts("x")})
			p.refused(err, journal.ErrBatch, `"x"`)
		}
	}
	require.Len(p, p.scanned("", 2*len(all)), 2*len(all), "nothing was added")
}

func (p *probe) refusedID(err error, id string) {
	p.Helper()
	require.ErrorIs(p, err, journal.ErrBatch, "%.50q", id)
	var e *journal.BatchError
	require.ErrorAs(p, err, &e)
	require.Equal(p, id, e.Case)
	require.Less(p, len(err.Error()), 1500)
	require.NotContains(p, err.Error(), "\n")
	require.NotContains(p, err.Error(), "\x00")
}

// bytesKept: a record is bytes, not text and not JSON.
func bytesKept(p *probe) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	want := [][]byte{
		every, nil,
		{},
		{0},
		{0, 0, 0},
		[]byte("\xff\xfe"), []byte(" "), []byte("\r\n"), []byte(`\x41`), []byte(`{"b":1, "a":2.0,"a":1e400}`), []byte("null"),
		[]byte("\u2028'\"\\"), bytes.Repeat(every, 300),
		{},
		[]byte("end "),
	}
	h := p.append(journal.Batch{Case: "case", Records: want})
	h = p.append(journal.Batch{Case: "case", Expect: h, Records: [][]byte{nil}})
	h = p.append(journal.Batch{Case: "case", Expect: h, Records: [][]byte{{}}, Sum: [32]byte(every[200:])})
	want = append(want, nil, nil)
	have, records, err := p.j.Read(p.ctx, "case", 0)
	require.NoError(p, err)
	p.sameHead(h, have)
	scanned := p.scanned("", len(want))
	require.Len(p, records, len(want))
	for i := range want {
		require.True(p, bytes.Equal(want[i], records[i].Data), "record %d: %q", i+1, records[i].Data)
		require.True(p, bytes.Equal(want[i], scanned[i].Data), "record %d: %q", i+1, scanned[i].Data)
	}
}

// instants: Next is kept to the nanosecond, over all the years that are allowed.
func instants(p *probe) {
	var all []string
	for i, next := range []time.Time{
		time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Unix(0, 0),
		time.Unix(0, 1),
		time.Date(2026, 3, 29, 2, 30, 0, 123_456_789, time.FixedZone("odd", -(4*3600+56*60+2))),
		time.Date(2026, 3, 29, 10, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 10, 0, 0, 1, time.UTC),
		time.Date(2026, 3, 29, 10, 0, 0, 999, time.UTC),
		time.Date(2026, 3, 29, 10, 0, 0, 1000, time.UTC),
		time.Date(2261, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
	} {
		id := fmt.Sprint("case ", i)
		h := p.append(journal.Batch{Case: id, Records: texts("x"), Next: next})
		p.holds(id, h, "x")
		p.due(next.Add(-1), all...)
		all = append(all, id)
		p.due(next, all...)
		items := p.dueAt(next)
		require.True(p, next.Equal(items[i].Next), "%v becomes %v", next, items[i].Next)
	}
	for _, next := range []time.Time{
		time.Date(1677, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Unix(math.MaxInt64, 0),
		time.Time{}.Add(1),
	} {
		_, err := p.j.Append(p.ctx, journal.Batch{Case: "far", Records: texts("x"), Next: next})
		p.refused(err, journal.ErrBatch, "far")
	}
	p.absent("far")
}

// cancelled: a call whose context is done does nothing and says why.
func cancelled(p *probe) {
	h := p.append(journal.Batch{Case: "case", Records: texts("1", "2"), Next: noon})
	p.scanned("", 2)
	stopped, cancel := context.WithCancel(p.ctx)
	cancel()
	late, cancel := context.WithDeadline(p.ctx, time.Unix(0, 0))
	defer cancel()
	for want, ctx := range map[error]context.Context{context.Canceled: stopped, context.DeadlineExceeded: late} {
		_, err := p.j.Append(ctx, journal.Batch{Case: "case", Key: "k", Expect: h, Records: texts("3"), Next: noon.Add(1)})
		p.refused(err, want, "case")
		_, err = p.j.Append(ctx, journal.Batch{Case: "new", Records: texts("1")})
		p.refused(err, want, "new")
		_, err = p.j.Erase(ctx, "case", h, nil)
		p.refused(err, want, "case")
		_, _, err = p.j.Read(ctx, "case", 0)
		p.refused(err, want, "case")
		_, err = collect(ctx, p.j, "")
		require.ErrorIs(p, err, want, "Scan")
		n := 0
		for _, err := range p.j.Due(ctx, noon) {
			require.ErrorIs(p, err, want, "Due")
			n++
		}
		require.Equal(p, 1, n, "Due yields the error once")
	}
	p.absent("new")
	p.holds("case", h, "1", "2")
	p.append(journal.Batch{Case: "case", Key: "k", Expect: h, Records: texts("3")})
	p.scanned("", 3)
	cancelledWhileRunning(p)
}

// cancelledWhileRunning: an append that is cut off happened or did not, and the case says which.
func cancelledWhileRunning(p *probe) {
	var h journal.Head
	n := 0
	for i := range 60 {
		ctx, cancel := context.WithCancel(p.ctx)
		b := journal.Batch{Case: "cut", Expect: h, Key: fmt.Sprint(i), Records: texts(fmt.Sprint(i), "whole")}
		cut := make(chan struct{})
		go func() {
			time.Sleep(time.Duration(i%6) * 100 * time.Microsecond)
			cancel()
			close(cut)
		}()
		have, err := p.j.Append(ctx, b)
		<-cut
		again, errAgain := p.j.Append(p.ctx, b)
		require.NoError(p, errAgain, "repeated with its key")
		p.sameHead(after(b), again)
		if err == nil {
			p.sameHead(again, have)
		}
		h = again
		n += 2
	}
	_, records, err := p.j.Read(p.ctx, "cut", 0)
	require.NoError(p, err)
	require.Len(p, records, n)
	for i, r := range records {
		want := "whole"
		if i%2 == 0 {
			want = fmt.Sprint(i / 2)
		}
		require.Equal(p, want, string(r.Data))
	}
}

// badInput: positions that are none, and what else a journal cannot know.
func badInput(p *probe) {
	junk := []journal.Position{
		"x", " ", "0", "-1", "1", "1.1", "1:1", "1-1", ".", ":", "\x00", "\xff", "'", "'; DROP TABLE records; --", "18446744073709551616", "9223372036854775807",
		"null", "../..", journal.Position(strings.Repeat("9", 1<<16)),
	}
	wrong := func(pos journal.Position) {
		p.Helper()
		n := 0
		for r, err := range p.j.Scan(p.ctx, pos) {
			require.ErrorIs(p, err, journal.ErrPosition, "%.60q", pos)
			require.Zero(p, r)
			n++
		}
		require.Equal(p, 1, n, "position %.60q yields its error once", pos)
	}
	for _, pos := range junk {
		wrong(pos)
	}
	p.add("case", journal.Head{}, "1", "2", "3")
	good := p.scanned("", 3)[1].Pos
	for _, pos := range junk {
		wrong(pos)
	}
	for _, pos := range []journal.Position{good + "0000000000000000000", good + " ", " " + good, good + "\x00", good + "x", good[:len(good)-1] + "x", good + good} {
		wrong(pos)
	}
	require.Len(p, p.scan(good), 1)

	other := p.store.Open(p)
	_, err := other.Append(p.ctx, journal.Batch{Case: "case", Records: texts("1", "2", "3", "4")})
	require.NoError(p, err)
	n := 0
	for _, err := range other.Scan(p.ctx, good) {
		require.ErrorIs(p, err, journal.ErrPosition, "a position of another journal")
		n++
	}
	require.Equal(p, 1, n)
}

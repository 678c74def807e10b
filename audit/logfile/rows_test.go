package logfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// table reads everything as rows of texts; a row that is malformed is its error.
func allRows(r io.Reader, comma string, columns int) (out []string, err error) {
	t := newRows(r, []byte(comma))
	t.fields = make([][]byte, columns)
	for i := range columns {
		t.slots = append(t.slots, i)
	}
	for {
		line, err := t.next()
		if fault := (*rowError)(nil); errors.As(err, &fault) {
			out = append(out, fmt.Sprintf("%d! %s", line, fault.code))
			continue
		}
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, fmt.Sprintf("%d %q", line, t.fields[:min(t.count, columns)]))
	}
}

func TestRows(t *testing.T) {
	long := strings.Repeat("x", MaxRow+10)
	for _, c := range []struct {
		name, comma, text string
		want              []string
	}{
		{"nothing", ",", "", nil},
		{"one field", ",", "a", []string{`1 ["a"]`}},
		{"line ends", ",", "a,b\r\nc,d\ne,f", []string{`1 ["a" "b"]`, `2 ["c" "d"]`, `3 ["e" "f"]`}},
		{"empty lines", ",", "a,b\n\n\r\nc,d\n", []string{`1 ["a" "b"]`, `4 ["c" "d"]`}},
		{"empty fields", ",", ",\n,b\na,\n", []string{`1 ["" ""]`, `2 ["" "b"]`, `3 ["a" ""]`}},
		{"semicolon", ";", "a,b;c\n", []string{`1 ["a,b" "c"]`}},
		{"tab", "\t", "a b\tc\n", []string{`1 ["a b" "c"]`}},
		{"wide comma", "，", "甲，\"乙，丙\"\n", []string{`1 ["甲" "乙，丙"]`}},
		{"quotes", ",", `"a,b","c ""d"""` + "\n", []string{`1 ["a,b" "c \"d\""]`}},
		{"line feed in quotes", ",", "\"a\nb\",c\nd,e\n", []string{`1 ["a\nb" "c"]`, `3 ["d" "e"]`}},
		{"CRLF in quotes", ",", "\"a\r\nb\",c\r\nd,e\r\n", []string{`1 ["a\nb" "c"]`, `3 ["d" "e"]`}},
		{"quote inside", ",", "5\" pipe,b\n", []string{`1 ["5\" pipe" "b"]`}},
		{"text after quotes", ",", "\"a\"b,c\nd,e\n", []string{"1! row-quote", `2 ["d" "e"]`}},
		{"open quote", ",", "\"a,b\nc,d\ne,f", []string{"1! row-quote", `2 ["c" "d"]`, `3 ["e" "f"]`}},
		{"open quote at the end", ",", "a,b\n\"", []string{`1 ["a" "b"]`, "2! row-quote"}},
		{"quote closed elsewhere", ",", "\"a,b\nc,d\ne,\"f\"\n", []string{"1! row-quote", `2 ["c" "d"]`, `3 ["e" "f"]`}},
		{"quoted at the end", ",", "a,\"b\"", []string{`1 ["a" "b"]`}},
		{"NUL", ",", "a\x00,b\n", []string{`1 ["a\x00" "b"]`}},
		{"long row", ",", "a,b\n" + long + "\nc,d\n", []string{`1 ["a" "b"]`, "2! row-size", `3 ["c" "d"]`}},
		{"long row at the end", ",", "a,b\n" + long, []string{`1 ["a" "b"]`, "2! row-size"}},
		{"long quoted row", ",", "a,b\n\"" + strings.Repeat("x\n", MaxRow/2+10) + "\",c\n", nil},
		{"many fields", ",", "a,b\n" + strings.Repeat(",", MaxColumns+1) + "\"\"\nc,d\n", []string{`1 ["a" "b"]`, "2! row-shape", `3 ["c" "d"]`}},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text)), iotest.DataErrReader(strings.NewReader(c.text))} {
			if len(c.text) > MaxRow {
				r = strings.NewReader(c.text)
			}
			got, err := allRows(r, c.comma, 2)
			require.NoError(t, err, c.name)
			if c.name == "long quoted row" {
				require.Len(t, got, 1+1+MaxRow/2+9+1, "the open quote costs one line")
				assert.Equal(t, []string{"2! row-size", `3 ["x" "b"]`}[0], got[1])
				continue
			}
			require.True(t, slices.Equal(c.want, got), "%s: %.200q", c.name, got)
		}
	}
}

func TestRowsOfABrokenFile(t *testing.T) {
	disk := errors.New("disk")
	for _, text := range []string{"a,b\nc", "a,b\n\"c", "a,b\n" + strings.Repeat("x", MaxRow+100)} {
		got, err := allRows(io.MultiReader(strings.NewReader(text), iotest.ErrReader(disk)), ",", 2)
		assert.ErrorIs(t, err, disk)
		assert.Equal(t, []string{`1 ["a" "b"]`}, got, "the last row may be half of one")
	}
	_, err := allRows(stuck{}, ",", 2)
	assert.ErrorIs(t, err, io.ErrNoProgress)
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// What encoding/csv takes is read alike, and nothing makes the reader lose count of lines.
func FuzzRows(f *testing.F) {
	for _, s := range []string{"a,b\n", "\"a\n\"\"b\",c\r\n", "\"a\"b\nc", "\"", ",\n\n,,\n", "a\"b,\"c\"\n", "\r\n\"\r\n\"\r", "甲，乙\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		const columns = 5
		got, err := allRows(strings.NewReader(text), ",", columns)
		require.NoError(t, err)
		slow, err := allRows(iotest.OneByteReader(strings.NewReader(text)), ",", columns)
		require.NoError(t, err)
		require.Equal(t, got, slow)
		last := strings.Count(text, "\n") + 1
		for _, row := range got {
			var line int
			_, err := fmt.Sscan(row, &line)
			require.NoError(t, err)
			require.LessOrEqual(t, line, last)
		}

		peer := csv.NewReader(strings.NewReader(text))
		peer.FieldsPerRecord = -1
		records, err := peer.ReadAll()
		if err != nil {
			return
		}
		var want []string
		for i := range records {
			var fields [][]byte
			for _, f := range records[i][:min(len(records[i]), columns)] {
				fields = append(fields, []byte(f))
			}
			want = append(want, fmt.Sprintf("%q", fields))
		}
		var texts []string
		for _, row := range got {
			_, text, _ := strings.Cut(row, " ")
			texts = append(texts, text)
		}
		require.Equal(t, want, texts)
	})
}

func BenchmarkRows(b *testing.B) {
	var text bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&text, "INC%07d,Active,2025-03-01 09:05:%02d,phone,urgent,network,Group %d\n", i/8, i%60, i%70)
	}
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(text.Len()))
		b.ReportAllocs()
		for b.Loop() {
			t := newRows(bytes.NewReader(text.Bytes()), []byte{','})
			t.fields = make([][]byte, 7)
			t.slots = []int{0, 1, 2, 3, 4, 5, 6}
			for {
				if _, err := t.next(); err != nil {
					break
				}
			}
		}
	})
	b.Run("encoding csv", func(b *testing.B) {
		b.SetBytes(int64(text.Len()))
		b.ReportAllocs()
		for b.Loop() {
			r := csv.NewReader(bytes.NewReader(text.Bytes()))
			r.ReuseRecord = true
			for {
				if _, err := r.Read(); err != nil {
					break
				}
			}
		}
	})
}

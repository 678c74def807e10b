package logfile

import (
	"bytes"
	"errors"
	"io"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
)

// MaxRow is how long a row may be, in bytes of UTF-8.
const MaxRow = 1 << 20

// MaxColumns is how many columns a log may have.
const MaxColumns = 10_000

// rows reads the rows of a table, as RFC 4180 has it, with any delimiter and both kinds of line ends: a field may stand in quotes,
// and may then hold delimiters, line ends and quotes written twice. Quotes inside a field that does not begin with one are
// characters like any other. Lines without anything are no rows.
//
// After a row that is malformed it goes on with the line after the first one of that row, so that a quote that is never closed costs one line
// and not the rest of the file.
//
// It is written by hand because encoding/csv makes a string of each row and cannot skip columns that nobody asked for, cannot bound a row,
// and loses all that follows an open quote.
type rows struct {
	src   io.Reader
	comma []byte

	buf  []byte
	pos  int // start of the next row
	end  int
	line int // of the next row
	err  error

	slots  []int    // by column: where its field goes, or -1
	fields [][]byte // the fields asked for, of the last row; valid until the next one
	count  int      // of all fields of the last row
	clean  []byte   // fields of a row with quotes, without them
}

func newRows(src io.Reader, comma []byte) *rows {
	return &rows{src: src, comma: comma, buf: make([]byte, window), line: 1}
}

// rowError is what is wrong with one row.
type rowError struct {
	code   history.Code
	detail string
}

func (e *rowError) Error() string { return string(e.code) + ": " + e.detail }

var (
	errLong  = &rowError{audit.CodeRowSize, "longer than 1 MiB"}
	errQuote = &rowError{audit.CodeRowQuote, "text after a closing quote"}
	errWide  = &rowError{audit.CodeRowShape, "more than 10,000 fields"}
	errOpen  = &rowError{audit.CodeRowQuote, "a quote that is never closed"}
)

// fill reads more. It reports whether there is more than before; else r.err says why.
func (r *rows) fill() bool {
	if r.err != nil {
		return false
	}
	if r.pos > 0 {
		r.end = copy(r.buf, r.buf[r.pos:r.end])
		r.pos = 0
	}
	if r.end == len(r.buf) {
		grown := make([]byte, min(2*len(r.buf), MaxRow+window))
		copy(grown, r.buf)
		r.buf = grown
	}
	for range 100 {
		n, err := r.src.Read(r.buf[r.end:])
		r.end += n
		r.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	r.err = io.ErrNoProgress
	return false
}

// next reads a row and returns the line on which it begins. The error is [io.EOF], a *rowError, or fatal.
func (r *rows) next() (line int, err error) {
	for {
		line = r.line
		row, ended, err := r.physical()
		if err != nil {
			return line, err
		}
		if bytes.IndexByte(row, '"') >= 0 {
			return line, r.quoted(row, ended)
		}
		r.advance(len(row), ended)
		row = bytes.TrimSuffix(row, []byte{'\r'})
		if len(row) == 0 {
			continue
		}
		r.plain(row)
		return line, nil
	}
}

// physical returns the bytes up to the end of the line, and whether a line feed follows.
func (r *rows) physical() (row []byte, ended bool, err error) {
	searched := 0
	for {
		i := bytes.IndexByte(r.buf[r.pos+searched:r.end], '\n')
		if i >= 0 && searched+i <= MaxRow {
			return r.buf[r.pos : r.pos+searched+i], true, nil
		}
		searched = r.end - r.pos
		if i >= 0 || searched > MaxRow {
			return nil, false, r.skipLine()
		}
		if r.fill() {
			continue
		}
		switch {
		case !errors.Is(r.err, io.EOF):
			return nil, false, r.err
		case searched == 0:
			return nil, false, io.EOF
		}
		return r.buf[r.pos:r.end], false, nil
	}
}

// skipLine drops a line that is too long to be held.
func (r *rows) skipLine() error {
	for {
		if i := bytes.IndexByte(r.buf[r.pos:r.end], '\n'); i >= 0 {
			r.advance(i, true)
			return errLong
		}
		r.pos = r.end
		if !r.fill() {
			if errors.Is(r.err, io.EOF) {
				return errLong
			}
			return r.err
		}
	}
}

func (r *rows) advance(n int, ended bool) {
	r.pos += n
	if ended {
		r.pos++
		r.line++
	}
}

// plain divides a row without quotes.
func (r *rows) plain(row []byte) {
	column := 0
	for ; column < len(r.slots); column++ {
		i := r.find(row)
		field := row
		if i >= 0 {
			field = row[:i]
		}
		if s := r.slots[column]; s >= 0 {
			r.fields[s] = field
		}
		if i < 0 {
			r.count = column + 1
			return
		}
		row = row[i+len(r.comma):]
	}
	r.count = column + 1 + bytes.Count(row, r.comma)
}

func (r *rows) find(row []byte) int {
	if len(r.comma) == 1 {
		return bytes.IndexByte(row, r.comma[0])
	}
	return bytes.Index(row, r.comma)
}

// quoted divides a row with quotes, which may go on over several lines. first is its first line.
func (r *rows) quoted(first []byte, ended bool) error {
	q := quotedRow{rows: r, eol: len(first), ended: ended}
	r.clean = r.clean[:0]
	for column := 0; ; column++ {
		slot := -1
		if column < len(r.slots) {
			slot = r.slots[column]
		}
		more, err := q.field(slot)
		if err == nil && column >= MaxColumns {
			err = errWide
		}
		if err != nil {
			r.advance(len(first), ended)
			return err
		}
		if !more {
			r.count = column + 1
			break
		}
	}
	r.line += q.lines
	r.advance(q.eol, q.ended)
	return nil
}

// quotedRow is a row with quotes while it is divided. Offsets are from the start of the row, since the buffer may move.
type quotedRow struct {
	*rows
	at    int  // offset of the next field
	eol   int  // offset of the end of the line on which it begins
	ended bool // a line feed stands there
	lines int  // line feeds before
}

// field reads a field into a slot, and reports whether there is a further one.
func (q *quotedRow) field(slot int) (more bool, err error) {
	begin := len(q.clean)
	b := q.buf[q.pos+q.at : q.pos+q.eol]
	if len(b) > 0 && b[0] == '"' {
		if err := q.unquote(slot >= 0); err != nil {
			return false, err
		}
		b = q.buf[q.pos+q.at : q.pos+q.eol]
		more = bytes.HasPrefix(b, q.comma)
		if more {
			q.at += len(q.comma)
		}
	} else {
		i := q.find(b)
		if more = i >= 0; more {
			b = b[:i]
			q.at += i + len(q.comma)
		} else {
			b = bytes.TrimSuffix(b, []byte{'\r'})
		}
		if slot >= 0 {
			q.clean = append(q.clean, b...)
		}
	}
	if slot >= 0 {
		q.fields[slot] = q.clean[begin:len(q.clean):len(q.clean)]
	}
	return more, nil
}

// unquote moves past a field in quotes and appends what it says to clean when that is wanted.
func (q *quotedRow) unquote(wanted bool) error {
	for q.at++; ; {
		b := q.buf[q.pos+q.at : q.pos+q.eol]
		i := bytes.IndexByte(b, '"')
		said := b
		if i >= 0 {
			said = b[:i]
		}
		if i < 0 {
			said = bytes.TrimSuffix(said, []byte{'\r'})
		}
		if wanted {
			q.clean = append(q.clean, said...)
		}
		if i < 0 {
			if !q.ended {
				return errOpen
			}
			if wanted {
				q.clean = append(q.clean, '\n')
			}
			if err := q.nextLine(); err != nil {
				return err
			}
			continue
		}
		q.at += i + 1
		switch after := b[i+1:]; {
		case len(after) > 0 && after[0] == '"':
			if wanted {
				q.clean = append(q.clean, '"')
			}
			q.at++
		case len(after) == 0, bytes.HasPrefix(after, q.comma), len(after) == 1 && after[0] == '\r':
			return nil
		default:
			return errQuote
		}
	}
}

// nextLine moves to the beginning of the next line, which it reads in full.
func (q *quotedRow) nextLine() error {
	q.lines++
	q.at = q.eol + 1
	searched := q.at
	for {
		if i := bytes.IndexByte(q.buf[q.pos+searched:q.end], '\n'); i >= 0 {
			q.eol, q.ended = searched+i, true
			break
		}
		searched = q.end - q.pos
		if searched > MaxRow {
			return errLong
		}
		if q.fill() {
			continue
		}
		if !errors.Is(q.err, io.EOF) {
			return q.err
		}
		q.eol, q.ended = searched, false
		break
	}
	if q.eol > MaxRow {
		return errLong
	}
	return nil
}

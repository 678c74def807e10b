package history

import (
	"errors"
	"strconv"
	"strings"
)

// What can be wrong with an entry, with its bytes or with a row of times, for [errors.Is]. What is returned wraps one of them and says
// where: an [*EntryError] when an entry cannot be written, a [*DecodeError] when bytes cannot be read.
var (
	// ErrTime: an entry has no At, or an instant lies outside the years 0 to 9999 of UTC.
	ErrTime = errors.New("no instant between the years 0 and 9999")

	// ErrInstant: a text is not an instant in RFC 3339.
	ErrInstant = errors.New("not an instant with an offset, such as 2025-03-03T09:00:00+08:00")

	// ErrKind: an entry has no kind.
	ErrKind = errors.New("no kind")

	// ErrKey: a field has no key.
	ErrKey = errors.New("a field without a key")

	// ErrUTF8: a text is not valid UTF-8.
	ErrUTF8 = errors.New("not valid UTF-8")

	// ErrSeq: a sequence number is above [MaxSeq].
	ErrSeq = errors.New("sequence number too large")

	// ErrSize: an entry, or the text of one, is longer than [MaxSize].
	ErrSize = errors.New("entry too large")

	// ErrSyntax: a text is not an entry in JSON.
	ErrSyntax = errors.New("malformed entry")

	// ErrNotCanonical: a text is an entry, but not written in the one canonical way.
	ErrNotCanonical = errors.New("not the canonical form")

	// ErrPause: a pause of a row has no beginning, or ends before it begins.
	ErrPause = errors.New("impossible pause")

	// ErrNoOpening: a row has attributes but neither opened nor detected, whose entry would carry them.
	ErrNoOpening = errors.New("attributes without an opening entry")
)

// EntryError says which entry cannot be written, and which of its members is at fault. It never contains a value.
type EntryError struct {
	Case  string // where it is known
	Seq   uint64
	Field string // seq, at, recorded, kind, actor.id, actor.role, or fields.KEY and personal.KEY; empty for the whole entry
	Err   error
}

func (e *EntryError) Error() string {
	s := "history: "
	if e.Case != "" {
		s += "case " + strconv.Quote(e.Case) + ": "
	}
	s += "entry " + strconv.FormatUint(e.Seq, 10) + ": "
	if e.Field != "" {
		s += e.Field + ": "
	}
	return s + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *EntryError) Unwrap() error { return e.Err }

// DecodeError says where bytes cannot be read as an entry. It never contains a value.
type DecodeError struct {
	Offset int    // bytes before the fault
	Field  string // as in EntryError
	Detail string // what was expected, or empty
	Err    error
}

func (e *DecodeError) Error() string {
	s := "history: at byte " + strconv.Itoa(e.Offset) + ": "
	if e.Field != "" {
		s += e.Field + ": "
	}
	s += e.Err.Error()
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// Unwrap returns what is wrong.
func (e *DecodeError) Unwrap() error { return e.Err }

// safe makes a key fit for an error: valid UTF-8, and short.
func safe(key string) string {
	const enough = 64
	if len(key) > enough {
		key = key[:enough] + "..."
	}
	return strings.ToValidUTF8(key, "?")
}

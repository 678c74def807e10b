package history

import "bytes"

// Decode reads the canonical bytes of one entry and nothing else: what it accepts, [Entry.AppendCanonical] writes again byte for byte.
// Bytes that mean the same but are spaced, ordered or escaped otherwise are refused with [ErrNotCanonical]; for these there is
// [Entry.UnmarshalJSON]. Errors are [*DecodeError] and give the offset and the member. Instants come back in UTC, fields in canonical
// order; the entry keeps nothing of b.
func Decode(b []byte) (Entry, error) {
	p := newParser(b)
	e, err := p.entry()
	if err != nil {
		return Entry{}, err
	}
	var room [1024]byte
	c, err := e.AppendCanonical(room[:0])
	if err != nil {
		return Entry{}, err
	}
	if bytes.Equal(b, c) {
		return e, nil
	}
	at := 0
	for at < len(b) && at < len(c) && b[at] == c[at] {
		at++
	}
	// Reading once more up to there tells the member.
	probe := newParser(b[:at])
	_, err = probe.entry()
	notCanonical := &DecodeError{Offset: at, Err: ErrNotCanonical, Detail: "written otherwise by AppendCanonical"}
	if err != nil {
		notCanonical.Field = probe.member()
	}
	return Entry{}, notCanonical
}

// ParseLine reads one line of a log: an entry as [Entry.UnmarshalJSON] takes it, with or without the name of its case as a further
// member, "case". It accepts what [Entry.AppendLine] writes.
func ParseLine(line []byte) (caseID string, e Entry, err error) {
	p := newParser(line)
	p.line = true
	e, err = p.entry()
	if err != nil {
		return "", Entry{}, err
	}
	return p.caseID, e, nil
}

// MarshalJSON returns the canonical bytes. [encoding/json] passes them on with <, >, &, U+2028 and U+2029 escaped for use in HTML, which is
// the same entry in other bytes: to hash or compare, call [Entry.AppendCanonical].
func (e Entry) MarshalJSON() ([]byte, error) { return e.AppendCanonical(nil) }

// UnmarshalJSON reads an entry that somebody else wrote: members in any order and spacing, any escapes, instants in RFC 3339 with any
// offset (up to nine digits of a second; finer ones would be lost and are refused), a value alone or in an array, null for a member that may
// be left out. Members that an entry does not have, members twice, values that are not text, lone surrogates and text that is not
// UTF-8 are refused. Errors are [*DecodeError]; the receiver is only changed without one.
func (e *Entry) UnmarshalJSON(b []byte) error {
	if string(bytes.TrimSpace(b)) == "null" {
		return nil // the convention of encoding/json
	}
	p := newParser(b)
	read, err := p.entry()
	if err != nil {
		return err
	}
	*e = read
	return nil
}

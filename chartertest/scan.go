package chartertest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// word is one word of a line: key, key=value or by=value/id, with ~ before a personal key.
type word struct {
	personal, quoted, hasValue bool
	key, value, id             string
}

// bare: a plain word.
func (w word) bare() bool { return !w.personal && !w.quoted && !w.hasValue }

// reserved: the key is not that of a field.
func (w word) reserved() bool {
	return !w.quoted && (w.key == "by" || w.key == "recorded" || w.key == "seq")
}

// scanner takes a line apart.
type scanner struct {
	s string
	i int
}

// part reads the words up to a comma or the end, and tells which it was.
func (sc *scanner) part() (words []word, more bool, err error) {
	for {
		for sc.i < len(sc.s) && isSpace(sc.s[sc.i]) {
			sc.i++
		}
		switch {
		case sc.i == len(sc.s), sc.s[sc.i] == '#':
			return words, false, nil
		case sc.s[sc.i] == ',':
			sc.i++
			return words, true, nil
		}
		w, err := sc.word()
		if err != nil {
			return nil, false, err
		}
		words = append(words, w)
	}
}

func (sc *scanner) word() (w word, err error) {
	w.personal = sc.take('~')
	if w.key, w.quoted, err = sc.text("="); err != nil {
		return word{}, err
	}
	if sc.take('=') {
		w.hasValue = true
		end := ""
		if w.key == "by" && w.reserved() && !w.personal {
			end = "/"
		}
		if w.value, _, err = sc.text(end); err != nil {
			return word{}, err
		}
		if end != "" && sc.take('/') {
			if w.id, _, err = sc.text(""); err != nil {
				return word{}, err
			}
		}
	}
	if sc.i < len(sc.s) && sc.s[sc.i] != ',' && !isSpace(sc.s[sc.i]) {
		return word{}, fmt.Errorf("expected a space before %q", sc.s[sc.i:sc.i+1])
	}
	return w, nil
}

func (sc *scanner) take(c byte) bool {
	if sc.i < len(sc.s) && sc.s[sc.i] == c {
		sc.i++
		return true
	}
	return false
}

// text reads a quoted text, or a plain one up to a space, a comma, a quotation mark or a byte of end.
func (sc *scanner) text(end string) (text string, quoted bool, err error) {
	rest := sc.s[sc.i:]
	if strings.HasPrefix(rest, `"`) {
		q, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return "", false, errors.New("a quoted text without an end, or with a bad escape")
		}
		sc.i += len(q)
		if text, err = strconv.Unquote(q); err != nil || !utf8.ValidString(text) {
			return "", false, fmt.Errorf("%s: not valid UTF-8", q)
		}
		return text, true, nil
	}
	n := 0
	for n < len(rest) && !isSpace(rest[n]) && rest[n] != ',' && rest[n] != '"' && strings.IndexByte(end, rest[n]) < 0 {
		n++
	}
	sc.i += n
	return rest[:n], false, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

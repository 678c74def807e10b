package logfile

import (
	"bytes"
	"unicode/utf8"

	"github.com/servicecharter/charter"
)

// words turns the words of a column into texts that can be kept. Each is made once, however often it comes.
type words struct {
	meaning map[string]string // nil: words mean themselves
	missing []string
	known   map[string]word
}

type word struct {
	text     string
	missing  bool
	unmapped bool
	broken   bool // not text
}

// enough is how many words a column keeps. One with more of them is no vocabulary, and starts anew so that memory stays bounded.
const enough = 1 << 15

func (w *words) look(raw []byte) word {
	if found, ok := w.known[string(raw)]; ok {
		return found
	}
	if w.known == nil || len(w.known) >= enough {
		w.known = map[string]word{}
	}
	s := string(raw)
	found := word{text: s}
	meant, mapped := w.meaning[s]
	switch {
	case mapped:
		found.text = meant
	case isMissing(raw, w.missing):
		found.missing = true
	case !isText(raw):
		found.broken = true
	default:
		found.unmapped = w.meaning != nil
	}
	w.known[s] = found
	return found
}

func isMissing(raw []byte, marks []string) bool {
	if len(raw) == 0 {
		return true
	}
	for _, m := range marks {
		if string(raw) == m {
			return true
		}
	}
	return false
}

// isText tells whether a field is text: what was read in the wrong encoding holds a NUL, is not UTF-8, or was replaced by U+FFFD.
func isText(b []byte) bool {
	return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 && !bytes.Contains(b, []byte("\uFFFD"))
}

// Words are the words of a handbook for the values of an attribute, in the form of [Attribute].Values: 紧急 of tier is urgent. The values
// themselves are among them. A word that means different values for different kinds of case is not; say which it is:
//
//	tiers := logfile.Words(handbook, "tier")
//	tiers["P1"] = "urgent"
func Words(h *charter.Handbook, attribute string) map[string]string {
	words := map[string]string{}
	if h == nil {
		return words
	}
	a, _ := h.Attribute(attribute)
	for _, v := range a.Values {
		words[v.ID] = v.ID
		for _, w := range v.Words {
			if id, ok := h.Value(attribute, w); ok {
				words[w] = id
			}
		}
	}
	return words
}

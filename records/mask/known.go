package mask

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// stretch is a part of a text, in bytes.
type stretch struct{ from, to int }

// without masks what is known: where it stands as it is, and where it stands in another case, with other blanks, or wide. Of two that overlap, both are masked
// together. Every value is looked for once, in time linear in the text.
func without(s string, known []string) string {
	var found []stretch
	text := fold(s)
	for _, k := range known {
		if utf8.RuneCountInString(k) < 2 {
			continue
		}
		for at := 0; ; {
			i := strings.Index(s[at:], k)
			if i < 0 {
				break
			}
			found = append(found, stretch{at + i, at + i + len(k)})
			at += i + len(k)
		}
		if value := fold(k); len(value.runes) > 1 {
			for _, i := range text.places(value.runes) {
				if p := (stretch{text.at[i].from, text.at[i+len(value.runes)-1].to}); apart(s, p) {
					found = append(found, p)
				}
			}
		}
	}
	if len(found) == 0 {
		return s
	}
	slices.SortFunc(found, func(a, b stretch) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var b strings.Builder
	copied := 0
	for i := 0; i < len(found); {
		p := found[i]
		for i++; i < len(found) && found[i].from < p.to; i++ {
			p.to = max(p.to, found[i].to)
		}
		b.WriteString(s[copied:p.from])
		b.WriteString(Mask)
		copied = p.to
	}
	b.WriteString(s[copied:])
	return b.String()
}

// folded is a text without case, blanks and what cannot be seen, and where its characters stood.
type folded struct {
	runes []rune
	at    []stretch
}

func fold(s string) folded {
	var f folded
	for i, r := range s {
		if unicode.IsSpace(r) || ignored(r) {
			continue
		}
		size := utf8.RuneLen(r)
		if '！' <= r && r <= '～' { // the wide forms of ASCII, in its order
			r -= '！' - '!'
		}
		f.runes = append(f.runes, unicode.ToLower(unicode.ToUpper(r)))
		f.at = append(f.at, stretch{i, i + size})
	}
	return f
}

// places are those at which a value begins, overlapping ones too, by the method of Knuth, Morris and Pratt.
func (f folded) places(value []rune) (places []int) {
	border := make([]int, len(value)) // of each beginning, the longest that it also ends with
	for i, n := 1, 0; i < len(value); i++ {
		for n > 0 && value[i] != value[n] {
			n = border[n-1]
		}
		if value[i] == value[n] {
			n++
		}
		border[i] = n
	}
	n := 0
	for i, r := range f.runes {
		for n > 0 && r != value[n] {
			n = border[n-1]
		}
		if r == value[n] {
			n++
		}
		if n == len(value) {
			places = append(places, i-n+1)
			n = border[n-1]
		}
	}
	return places
}

// apart tells whether a stretch is no part of longer words: Li is not in client. Scripts without case have no such words.
func apart(s string, p stretch) bool {
	cased := func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) }
	first, _ := utf8.DecodeRuneInString(s[p.from:])
	last, _ := utf8.DecodeLastRuneInString(s[:p.to])
	before, _ := utf8.DecodeLastRuneInString(s[:p.from])
	after, _ := utf8.DecodeRuneInString(s[p.to:])
	return !(cased(first) && cased(before)) && !(cased(last) && cased(after))
}

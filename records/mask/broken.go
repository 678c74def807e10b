package mask

import (
	"strings"
	"unicode/utf8"
)

// breaks tells whether a character may break a number that goes on behind it: at the end of a line, or in a list. It may part two numbers as well.
func breaks(r rune) bool { return strings.ContainsRune("\n\r,，、:：;；|", r) }

// maxBreaks is in how many places a number may be broken; what is broken more often is a list or a row.
const maxBreaks = 2

// broken masks mobile and identity numbers that are broken. What is joined across a break is masked only if all of it has such a form, since tables, amounts and
// times have breaks between their figures too.
func broken(s string) string {
	if !strings.ContainsAny(s, "\n\r,，、:：;；|") {
		return s
	}
	var b strings.Builder
	copied := 0
	for at := 0; at < len(s); {
		if n := date(s[at:]); n > 0 {
			at += n
			continue
		}
		c, size := utf8.DecodeRuneInString(s[at:])
		if !numeral(c) {
			at += size
			continue
		}
		digits, parts, to := joined(s, at)
		if out, ok := form(digits); ok && 1 < parts && parts <= maxBreaks+1 {
			b.WriteString(s[copied:at])
			b.WriteString(out)
			copied = to
		}
		at = to
	}
	b.WriteString(s[copied:])
	return b.String()
}

// joined reads the digits that begin at a place, across separators and breaks, up to a date; in how many parts they are, and where they end.
func joined(s string, at int) (digits string, parts, to int) {
	var d []byte
	parts, to = 1, at
	between, broke := 0, false
	for i, c := range s[at:] {
		switch {
		case between > 0 && numeral(c) && date(s[at+i:]) > 0:
			return string(d), parts, to
		case numeral(c) || len(d) == 17 && isX(c):
			if broke {
				parts++
			}
			if v := digit(c); len(d) < maxForm {
				switch {
				case isX(c):
					d = append(d, 'X')
				case v < 0:
					d = append(d, '?')
				default:
					d = append(d, byte('0'+v))
				}
			}
			between, broke, to = 0, false, at+i+utf8.RuneLen(c)
		case ignored(c):
		case (breaks(c) || separates(c)) && between < gap:
			between++
			broke = broke || breaks(c)
		default:
			return string(d), parts, to
		}
	}
	return string(d), parts, to
}

// form masks the digits of a mobile or identity number.
func form(digits string) (string, bool) {
	if out, ok := identity(digits); ok {
		return out, true
	}
	if out, ok := phone(digits); ok && mobile(digits) {
		return out, true
	}
	return "", false
}

// mobile tells whether the form of a telephone number is that of a mobile one.
func mobile(digits string) bool {
	n := len(digits)
	return n >= 11 && digits[n-11] == '1' && (n == 11 || strings.HasSuffix(digits[:n-11], "86"))
}

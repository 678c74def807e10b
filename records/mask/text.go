package mask

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Text masks what can be found in free text: e-mail addresses, and numbers of seven digits or more, each as [Value] would if it has the form of a mobile, landline,
// identity or card number, else altogether. What is known, such as the names of the people concerned, is masked wherever it stands, and in whatever case and with
// whatever blanks between its characters: 李 雷 for 李雷, LI LEI for Li Lei. In another case or with other blanks it has to be a whole word where the script has upper case, so
// that the name Li is not found in client. Known values of a single character are not looked for.
func Text(s string, known ...string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	if len(known) > 0 {
		s = without(s, known)
	}
	if strings.ContainsAny(s, "@＠") {
		s = mails.ReplaceAllStringFunc(s, func(m string) string {
			at := strings.LastIndexAny(m, "@＠")
			_, size := utf8.DecodeRuneInString(m[at:])
			return mailbox(m[:at]) + "@" + m[at+size:]
		})
	}
	return broken(numbers(s))
}

// mails takes in more than the standard does: what is masked in vain does no harm.
var mails = regexp.MustCompile(`[\p{L}\p{N}\p{M}\p{Cf}\x{FFFD}._%+\-'=&~!#$/?^{|}@＠]+[@＠][\p{L}\p{N}\p{M}\p{Cf}\x{FFFD}.\-]+`)

// run is a stretch of digits and what stands between them.
type run struct {
	from, to int    // in the text
	count    int    // digits
	digits   string // their values, as far as any form goes; "?" for a numeral without one
}

// numbers masks the runs of digits in a text.
func numbers(s string) string {
	var b strings.Builder
	copied := 0
	for at := 0; at < len(s); {
		if n := date(s[at:]); n > 0 && !follows(s[at+n:]) {
			at += n
			// What comes after the date is a run of its own, as it is too far away to belong to it.
			continue
		}
		r := next(s, at)
		if r.count == 0 {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
			continue
		}
		if r.count >= least {
			b.WriteString(s[copied:r.from])
			b.WriteString(masked(r.digits))
			copied = r.to
		}
		at = r.to
	}
	if copied == 0 {
		return s
	}
	b.WriteString(s[copied:])
	return b.String()
}

// next reads the run that begins at a place; it has no digits when none does.
func next(s string, at int) run {
	r := run{from: at, to: at}
	var digits []byte
	between := 0
	for i, c := range s[at:] {
		switch {
		case numeral(c):
			if r.count++; len(digits) < maxForm {
				d := byte('?')
				if v := digit(c); v >= 0 {
					d = byte('0' + v)
				}
				digits = append(digits, d)
			}
			between, r.to = 0, at+i+utf8.RuneLen(c)
			continue
		case r.count == 0:
			return r
		case r.count == 17 && isX(c):
			digits = append(digits, 'X')
			r.to = at + i + utf8.RuneLen(c)
			r.digits = string(digits)
			return extended(s, r)
		case ignored(c):
			continue
		case separates(c):
			if between++; between <= gap {
				continue
			}
		}
		break
	}
	r.digits = string(digits)
	return r
}

// extended goes on after the letter at the end of an identity number: if more digits follow, it was none.
func extended(s string, r run) run {
	if !follows(s[r.to:]) {
		return r
	}
	for i, c := range s[r.to:] {
		if numeral(c) {
			more := next(s, r.to+i)
			return run{from: r.from, to: more.to, count: r.count + more.count, digits: "?"}
		}
	}
	return r
}

// follows tells whether a digit follows so closely that it belongs to the run before.
func follows(s string) bool {
	between := 0
	for _, c := range s {
		switch {
		case numeral(c):
			return true
		case ignored(c):
		case separates(c) && between < gap:
			between++
		default:
			return false
		}
	}
	return false
}

// masked gives a run the form that it has.
func masked(digits string) string {
	for _, form := range []func(string) (string, bool){identity, phone, card} {
		if strings.Contains(digits, "?") || len(digits) == maxForm {
			break
		}
		if out, ok := form(digits); ok {
			return out
		}
	}
	return Mask
}

// date is the length of a date that the text begins with, with its time of day and offset if it has them; 0 if it begins with none.
func date(s string) int {
	if len(s) < len("2025-03-03") || s[0] != '1' && s[0] != '2' || s[4] != s[7] || strings.IndexByte("-/.", s[4]) < 0 {
		return 0 // as nearly always, without asking the expression
	}
	m := dates.FindStringIndex(s[:min(len(s), len("2025-03-03T14:30:05+08:00"))])
	if m == nil {
		return 0
	}
	return m[1]
}

var dates = regexp.MustCompile(`^(?:19|20)[0-9]{2}[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12][0-9]|3[01])(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?:[+-][01][0-9]:[0-5][0-9])?)?`)

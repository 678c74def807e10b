package calendar

import (
	"fmt"
	"strings"
	"time"
)

// SyntaxError tells where a weekly text goes wrong. It wraps [ErrSyntax].
type SyntaxError struct {
	Text   string // the text, as given
	Offset int    // where in it, in bytes from 0
	Want   string // what should stand there
}

func (e *SyntaxError) Error() string {
	rest := "the end"
	if e.Offset < len(e.Text) {
		rest = fmt.Sprintf("%q", clip(e.Text[e.Offset:]))
	}
	return fmt.Sprintf("calendar: hours at offset %d: found %s, want %s", e.Offset, rest, e.Want)
}

func (e *SyntaxError) Unwrap() error { return ErrSyntax }

// ParseWeek reads weekly hours from one line in the form that OpenStreetMap's
// opening_hours made common:
//
//	Mo-Fr 09:00-12:00,13:00-18:00; Sa 10:00-14:00; PH off
//	24/7
//	Mo,We 22:00-06:00; Fr-Su off
//
// Rules are separated by semicolons. A rule names weekdays (a list, a range,
// a range over the weekend such as Fr-Mo; none at all means every day) and
// then intervals, or off or closed. A later rule replaces what an earlier one
// said of the same weekday. An interval that ends at or before its start runs
// into the next day; 24:00 and hours up to 48:00 say the same more plainly.
// Weekdays have two letters; names are read in any case; spaces are free, but
// one parts a weekday from off.
//
// "PH off" is accepted and is always the rule here: holidays are dates, not
// weekdays, and they close. Everything else that opening_hours can say (PH
// with hours, months, weeks, sunrise, comments, open ends) is refused with a
// [*SyntaxError], never ignored. Overlaps are left to [New].
func ParseWeek(text string) (Week, error) {
	p := weekParser{text: text}
	if p.done() {
		return Week{}, p.fail("weekly hours such as \"Mo-Fr 09:00-17:00\"")
	}
	var w Week
	for {
		if err := p.rule(&w); err != nil {
			return Week{}, err
		}
		if p.done() {
			return w, nil
		}
		if !p.accept(";") {
			return Week{}, p.fail("; or the end")
		}
		if p.done() {
			return w, nil
		}
	}
}

// weekParser reads from text; at is the offset of the next byte.
type weekParser struct {
	text string
	at   int
}

func (p *weekParser) fail(want string) error {
	p.space()
	return &SyntaxError{Text: p.text, Offset: p.at, Want: want}
}

func (p *weekParser) space() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\t') {
		p.at++
	}
}

func (p *weekParser) done() bool {
	p.space()
	return p.at == len(p.text)
}

// accept takes the word when it stands next, in any case.
func (p *weekParser) accept(word string) bool {
	p.space()
	end := p.at + len(word)
	if end > len(p.text) || !strings.EqualFold(p.text[p.at:end], word) {
		return false
	}
	p.at = end
	return true
}

func (p *weekParser) rule(w *Week) error {
	if p.accept("24/7") {
		*w = AllWeek()
		return nil
	}
	if p.accept("PH") {
		if !p.off() {
			return p.fail("off: hours on public holidays are special days")
		}
		return nil
	}
	start := p.at
	days, err := p.weekdays()
	if err != nil {
		return err
	}
	var hours []Hours
	if !p.off() {
		if p.at == start && !p.digit() {
			return p.fail(wantWeekday + ", or else a time such as 09:00, off, 24/7 or PH off")
		}
		if hours, err = p.hours(); err != nil {
			return err
		}
	}
	for day, chosen := range days {
		if chosen {
			w[day] = append([]Hours(nil), hours...)
		}
	}
	return nil
}

func (p *weekParser) off() bool { return p.accept("off") || p.accept("closed") }

const wantWeekday = "a weekday of two letters, Mo to Su"

func (p *weekParser) weekdays() (days [7]bool, err error) {
	first, ok := p.weekday()
	if !ok {
		return [7]bool{true, true, true, true, true, true, true}, nil
	}
	for {
		last := first
		if p.accept("-") {
			if last, ok = p.weekday(); !ok {
				return days, p.fail(wantWeekday)
			}
		}
		days[last] = true
		for day := first; day != last; day = (day + 1) % 7 {
			days[day] = true
		}
		if !p.accept(",") {
			return days, nil
		}
		if first, ok = p.weekday(); !ok {
			return days, p.fail(wantWeekday)
		}
	}
}

func (p *weekParser) weekday() (time.Weekday, bool) {
	p.space()
	end := p.at
	for end < len(p.text) && isLetter(p.text[end]) {
		end++
	}
	word := p.text[p.at:end] // whole, so that Mon is refused where it begins
	for day, name := range weekdayNames {
		if strings.EqualFold(word, name) {
			p.at = end
			return time.Weekday(day), true
		}
	}
	return 0, false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// digit tells whether a digit stands next.
func (p *weekParser) digit() bool {
	p.space()
	return p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9'
}

func (p *weekParser) hours() ([]Hours, error) {
	var hours []Hours
	for {
		h, err := p.interval()
		if err != nil {
			return nil, err
		}
		if hours = append(hours, h); len(hours) > maxIntervalsPerDay {
			return nil, p.fail(fmt.Sprintf("at most %d intervals a day", maxIntervalsPerDay))
		}
		if !p.accept(",") {
			return hours, nil
		}
		if !p.digit() {
			return nil, p.fail("another interval of the same days, such as 13:00-17:00; rules are separated by semicolons")
		}
	}
}

func (p *weekParser) interval() (Hours, error) {
	start := p.at
	open, err := p.clock(24*time.Hour - time.Minute)
	if err != nil {
		return Hours{}, err
	}
	if !p.accept("-") {
		return Hours{}, p.fail("- and a closing time")
	}
	end, err := p.clock(48 * time.Hour)
	if err != nil {
		return Hours{}, err
	}
	if end < open {
		end += 24 * time.Hour
	}
	h := Hours{open, end}
	if h.wrong() != "" {
		p.at = start
		return Hours{}, p.fail("an interval that is neither empty nor longer than 24 hours")
	}
	return h, nil
}

// clock reads hh:mm or h:mm up to most.
func (p *weekParser) clock(most time.Duration) (time.Duration, error) {
	p.space()
	want := "a time such as 09:00, up to " + clock(most)
	h, n := digits(p.text[p.at:])
	if n == 0 || n > 2 || p.at+n >= len(p.text) || p.text[p.at+n] != ':' {
		return 0, p.fail(want)
	}
	m, k := digits(p.text[p.at+n+1:])
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if k != 2 || m > 59 || d > most {
		return 0, p.fail(want)
	}
	p.at += n + 1 + k
	return d, nil
}

// digits reads the leading decimal digits of s, at most three of them.
func digits(s string) (value, length int) {
	for length < len(s) && length < 3 && s[length] >= '0' && s[length] <= '9' {
		value = value*10 + int(s[length]-'0')
		length++
	}
	return value, length
}

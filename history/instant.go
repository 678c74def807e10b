package history

import "time"

// ParseInstant reads an instant as entries write it, and as fields such as due hold it: RFC 3339 with any offset, in capitals, years 0 to
// 9999 in UTC, at most nine digits of a second, no leap seconds. A day or a wall time without an offset is not an instant. The
// result is in UTC. The error is [ErrTime] for a year beyond these, else [ErrInstant].
func ParseInstant(s string) (time.Time, error) {
	// time.Parse takes more than the standard allows: hours of one digit, a comma before the fraction, and any number of digits after
	// it, of which it keeps nine.
	const shape = "0000-00-00T00:00:00"
	if len(s) <= len(shape) || !hasShape(s[:len(shape)], shape) {
		return time.Time{}, ErrInstant
	}
	year, month, day := number(s[:4]), time.Month(number(s[5:7])), number(s[8:10])
	hour, minute, second := number(s[11:13]), number(s[14:16]), number(s[17:19])
	rest, nanosecond := s[len(shape):], 0
	if rest[0] == '.' {
		digits := 0
		for rest = rest[1:]; digits < len(rest) && isDigit(rest[digits]); digits++ {
			nanosecond = nanosecond*10 + int(rest[digits]-'0')
			if digits == 9 {
				return time.Time{}, ErrInstant
			}
		}
		if digits == 0 {
			return time.Time{}, ErrInstant
		}
		rest = rest[digits:]
		for ; digits < 9; digits++ {
			nanosecond *= 10
		}
	}
	offset, ok := parseOffset(rest)
	t := time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC)
	if !ok || t.Month() != month || t.Day() != day || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, ErrInstant
	}
	if t = t.Add(-offset); !hasCommonYear(t) {
		return time.Time{}, ErrTime
	}
	return t, nil
}

// FormatInstant writes an instant as the canonical bytes do: RFC 3339 in UTC with as many digits of the nanosecond as it needs.
func FormatInstant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// parseOffset reads Z or +08:00.
func parseOffset(s string) (time.Duration, bool) {
	if s == "Z" {
		return 0, true
	}
	if !hasShape(s, "+00:00") && !hasShape(s, "-00:00") {
		return 0, false
	}
	hours, minutes := number(s[1:3]), number(s[4:6])
	if hours > 23 || minutes > 59 {
		return 0, false
	}
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// hasShape: s has a digit where shape has 0, and else the same bytes.
func hasShape(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		if s[i] != shape[i] && (shape[i] != '0' || !isDigit(s[i])) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

package calendar

import "errors"

// What can be wrong with a declaration. Errors of this package wrap one of
// these, so that errors.Is tells the kind, and their text names the weekday,
// the date or the line. [New] joins all that it finds.
var (
	// ErrZone: the zone is missing, unknown to this host's zone data, or "Local".
	ErrZone = errors.New("calendar: unknown time zone")
	// ErrHours: an interval is empty, reversed, overlapping, longer than 24
	// hours, not in whole minutes, or there are too many on one day.
	ErrHours = errors.New("calendar: bad opening hours")
	// ErrDay: a holiday or special day contradicts itself or another one.
	ErrDay = errors.New("calendar: bad day")
	// ErrDate: a text is no date, or the date does not exist.
	ErrDate = errors.New("calendar: bad date")
	// ErrYears: the compiled years are reversed, too many, or outside 1678 to 2261.
	ErrYears = errors.New("calendar: bad years")
	// ErrNeverOpen: no instant is open, so nothing could ever be due.
	ErrNeverOpen = errors.New("calendar: never open")
	// ErrSyntax: a text or file does not have the form it should have.
	ErrSyntax = errors.New("calendar: syntax error")
	// ErrTooLarge: the declaration or file is larger than any sensible calendar.
	ErrTooLarge = errors.New("calendar: too large")
	// ErrCombine: a union or an intersection of nothing, of nil, or mixed with hours of its own.
	ErrCombine = errors.New("calendar: bad combination")
)

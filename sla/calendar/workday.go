package calendar

import (
	"slices"
	"time"
)

// dayTable ranks the working days of the compiled years, and knows how ranks
// go on outside them. Dates are day numbers from 1970-01-01.
type dayTable struct {
	first, end int      // compiled dates, end excluded
	rank       []uint16 // working days among the compiled dates before a date; one more than dates
	date       []uint16 // of each working day in turn, from first
	origin     int      // the rank of 1970-01-01, so that ranks are the same however many years are compiled
	week       [8]int   // outside: working weekdays before this one, counted from Thursday as 1970 begins; [7] is a week's
	exceptions []int    // outside: dates that the zone skipped although their weekday works
}

// farthestDay lies beyond all known instants, in days from 1970 either way.
const farthestDay = maxSec/secondsPerDay + 3

func newDayTable(c *Calendar, first, end int) dayTable {
	d := dayTable{first: first, end: end}
	d.rank = make([]uint16, end-first+1)
	for n := first; n < end; n++ {
		if c.works(n) {
			d.date = append(d.date, uint16(n-first))
		}
		d.rank[n-first+1] = uint16(len(d.date))
	}
	d.date = slices.Clip(d.date)
	for i := range 7 {
		d.week[i+1] = d.week[i]
		if c.worksWeekly(weekday(i)) {
			d.week[i+1]++
		}
	}
	for _, n := range c.skippedDates() {
		if (n < first || n >= end) && c.worksWeekly(weekday(n)) && !c.works(n) {
			d.exceptions = append(d.exceptions, n)
		}
	}
	slices.Sort(d.exceptions)
	d.exceptions = slices.Compact(d.exceptions)
	d.origin = d.raw(0)
	return d
}

// raw counts the working days before a date from the first compiled one,
// negative for earlier dates.
func (d *dayTable) raw(n int) int {
	if i := n - d.first; uint(i) < uint(len(d.rank)) {
		return int(d.rank[i])
	}
	if n < d.first {
		return d.weekly(n) - d.weekly(d.first) + d.skippedBetween(n, d.first)
	}
	return len(d.date) + d.weekly(n) - d.weekly(d.end) - d.skippedBetween(d.end, n)
}

// weekly counts the days from 1970-01-01 to a date whose weekday works.
func (d *dayTable) weekly(n int) int {
	weeks := int(floorDiv(int64(n), 7))
	return weeks*d.week[7] + d.week[n-7*weeks]
}

func (d *dayTable) skippedBetween(from, to int) (count int) {
	for _, n := range d.exceptions {
		if from <= n && n < to {
			count++
		}
	}
	return count
}

// before counts the working days from 1970-01-01 to a date.
func (d *dayTable) before(n int) int { return d.raw(n) - d.origin }

// nth returns the date of the working day of that rank. Where there is none
// the result lies beyond the known instants.
func (d *dayTable) nth(rank int) int {
	raw := rank + d.origin
	if uint(raw) < uint(len(d.date)) {
		return d.first + int(d.date[raw])
	}
	if d.week[7] == 0 {
		if raw < 0 {
			return -farthestDay
		}
		return farthestDay
	}
	// Outside, a first guess by the week is short by the skipped dates only.
	target := raw + d.weekly(d.first)
	if raw >= 0 {
		target = raw - len(d.date) + d.weekly(d.end)
	}
	n := d.weeklyNth(target)
	for d.raw(n) > raw {
		n--
	}
	for d.raw(n+1) <= raw && -farthestDay < n && n < farthestDay {
		n++
	}
	return n
}

// weeklyNth returns the date of a rank by weekdays alone.
func (d *dayTable) weeklyNth(rank int) int {
	weeks := int(floorDiv(int64(rank), int64(d.week[7])))
	day := 0
	for d.week[day+1] <= rank-weeks*d.week[7] {
		day++
	}
	return 7*weeks + day
}

// works reports whether a date is a working day.
func (c *Calendar) works(n int) bool {
	if slices.Contains(c.zoned().skipped, n) {
		return false
	}
	if c.rule != nil {
		return len(c.rule.shifts(n)) > 0
	}
	for _, part := range c.parts {
		if part.works(n) != c.all {
			return !c.all
		}
	}
	return c.all && len(c.parts) > 0
}

// worksWeekly is works by the weekly hours alone.
func (c *Calendar) worksWeekly(day time.Weekday) bool {
	if c.rule != nil {
		return len(c.rule.week[day]) > 0
	}
	for _, part := range c.parts {
		if part.worksWeekly(day) != c.all {
			return !c.all
		}
	}
	return c.all && len(c.parts) > 0
}

func (c *Calendar) skippedDates() []int {
	dates := slices.Clone(c.zone.skipped)
	for _, part := range c.parts {
		dates = append(dates, part.skippedDates()...)
	}
	return dates
}

// DateOf returns the local date of an instant in the calendar's zone.
func (c *Calendar) DateOf(t time.Time) Date { return dateOfTime(t.In(c.Location())) }

// Day tells what holds on a date and why: whether it is a working day, the
// name of its holiday, the hours that belong to it. A date that does not exist,
// or that the zone skipped, has the kind [NoDay].
//
// Of a union it tells of the first part that works on the date, with the hours
// of all; of an intersection, of the first part that does not work, or else
// of the first part, with the hours common to all.
func (c *Calendar) Day(d Date) DayInfo {
	info := DayInfo{Date: d}
	n := d.number()
	if !d.IsValid() || slices.Contains(c.zoned().skipped, n) {
		return info
	}
	if c.rule == nil {
		return c.combinedDay(d, n)
	}
	shifts := c.rule.shifts(n)
	info.Hours = hoursOf(shifts)
	switch s := c.rule.special(n); {
	case s != nil:
		info.Kind, info.Name = s.kind, s.name
	case len(shifts) == 0:
		info.Kind = RestDay
	default:
		info.Kind = Workday
	}
	return info
}

func (c *Calendar) combinedDay(d Date, n int) DayInfo {
	if len(c.parts) == 0 {
		return DayInfo{Date: d, Kind: RestDay}
	}
	info := c.parts[0].Day(d)
	for _, part := range c.parts {
		if part.works(n) != c.all {
			info = part.Day(d)
			break
		}
	}
	info.Hours = nil
	if !info.Kind.Working() {
		return info
	}
	// The parts may be in other zones, so the hours are what this zone's clock
	// shows from midnight to midnight.
	midnight := int64(n) * secondsPerDay
	start, end := c.zone.opening(midnight), c.zone.closing(midnight+secondsPerDay)
	for _, s := range c.appendSpans(nil, start, end) {
		open, shut := c.zone.wall(s.start)-midnight, c.zone.wall(s.end-1)+1-midnight
		if open < shut {
			info.Hours = append(info.Hours, hoursOf([]shift{{open, shut}})...)
		}
	}
	return info
}

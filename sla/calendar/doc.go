// Package calendar is business time: opening hours, holidays and make-up
// working days in a time zone, and exact arithmetic on them.
//
// # A calendar
//
// A [Calendar] is compiled from a [Spec]: an IANA zone, any number of
// opening intervals per weekday, holidays, and special days with hours of their
// own. The weekly hours are one line of text, in the form that OpenStreetMap
// made common; see [ParseWeek].
//
//	week, err := calendar.ParseWeek("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
//	office, err := calendar.New(calendar.Spec{Zone: "Asia/Shanghai", Hours: week, Days: days})
//
// Build it once and share it: it never changes, and any number of goroutines
// may use it. Holidays of a later year come from a small file ([ReadDaysJSON],
// [ReadDaysCSV], and for iCalendar the module sla/calendar/ical), merged with
// [Spec.WithDays]; mainland China's official working days are in package
// handbooks. [Union] and [Intersect] combine calendars, also across zones.
//
// # Business time
//
// [Calendar.Add] and [Calendar.Between] count open time to the nanosecond.
//
//   - Intervals are half open: open at the opening instant, closed at closing.
//   - Between(t, Add(t, d)) == d; Between is additive and antisymmetric.
//   - Add gives the instant nearest to t: the earliest going forward, so that
//     time which runs out at closing is due at closing, the latest going back,
//     t itself for 0. [Calendar.AddEdge] with [NextOpening] is due at the next
//     opening instead.
//   - Results keep the Location of the time they start from.
//
// # Working days
//
// A working day is a date with hours: by the weekly rule unless a holiday
// closes it, or by a special day, which beats a holiday on the same date. A
// night shift belongs to the day on which it starts, so a holiday neither cuts
// the shift that began the evening before nor leaves half of its own.
// [Calendar.AddDays] and [Calendar.DaysBetween] count them by their local dates;
// [Calendar.Day] tells why a date is, or is not, one. The working-day meter,
// [Calendar.DayPosition] and [Calendar.AtDayPosition], is for clocks that count
// working days and can be paused within one.
//
// # Daylight saving
//
// Hours are wall-clock times and are resolved by the zone's own transitions:
// a wall time that the clock skips is the instant of the transition; of a wall
// time that it shows twice, an opening takes the earlier instant and a closing
// the later one. So a shift over the hour that is shown twice is an hour
// longer, one over the skipped hour is an hour shorter, and a date that a zone
// skipped, as Apia did 2011-12-30, has no hours and is no working day.
//
// # Where knowledge ends
//
// Holidays are known up to [Spec.Published], where it is set, and the years [Spec.From] to
// [Spec.To] are compiled, 2007 to 2032 by default. Beyond them the weekly hours
// go on without holidays, every operation still has an answer, and
// [Calendar.Provisional] says that it may change. Instants before 1678 or from
// 2262 on count as the limits [Earliest] and [Latest], at which results
// saturate: there is no overflow, no endless search and no panic.
//
// # Cost
//
// Within the compiled years an operation is a search by table: some tens of
// nanoseconds, the same for an hour and for ten years, without allocation.
// Outside them a question takes some 10 µs for each year between it and the
// compiled ones, except for days, which stay as cheap. Choose From and To so
// that the work lies inside.
//
// # Zone data
//
// Zones come from the host, as for package time. A program that runs on hosts
// without zone data embeds it by importing time/tzdata. [Calendar.Fingerprint]
// changes when zone data move anything, so a recorded verdict can say by
// which calendar it was made.
package calendar

package calendar

import (
	"testing"
	"time"
	_ "time/tzdata" // so that a host without zone data runs the tests too

	"github.com/stretchr/testify/require"
)

// TestZones are picked for what their clocks do: midnight gaps, half hours, a
// skipped date, transitions without an hour, negative daylight saving, none.
var TestZones = []string{
	"UTC", "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Johannesburg", "Africa/Khartoum",
	"America/Adak", "America/Asuncion", "America/Caracas", "America/Chicago", "America/Godthab", "America/Havana",
	"America/Los_Angeles", "America/New_York", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund",
	"America/St_Johns", "Antarctica/Casey", "Antarctica/Troll", "Asia/Amman", "Asia/Beirut", "Asia/Damascus",
	"Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Shanghai",
	"Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Eucla", "Australia/Lord_Howe",
	"Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Europe/Lisbon", "Europe/London",
	"Europe/Moscow", "Europe/Volgograd", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter",
	"Pacific/Fakaofo", "Pacific/Fiji", "Pacific/Kiritimati", "Pacific/Norfolk", "Pacific/Tongatapu",
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

// Every offset that package time shows, from 1678 to 2262, is the zone's: every
// six hours, and the seconds about every transition, which are where an error
// would hide.
func TestZoneShowsWhatPackageTimeShows(t *testing.T) {
	require.GreaterOrEqual(t, len(TestZones), 40)
	for _, name := range TestZones {
		loc := location(t, name)
		z := newZone(loc)
		check := func(sec int64) {
			if _, offset := time.Unix(sec, 0).In(loc).Zone(); z.wall(sec) != sec+int64(offset) {
				t.Fatalf("%s: at %v the offset is %d, not %d", name, time.Unix(sec, 0).UTC(), offset, z.wall(sec)-sec)
			}
		}
		for sec := int64(minSec); sec < maxSec; sec += 90 * 3600 {
			check(sec)
		}
		for _, s := range z.segments[1:] {
			for sec := s.start - 2; sec < s.start+2; sec++ {
				check(sec)
			}
		}
	}
}

// The two ways to resolve a wall time, against all instants that show it.
func TestZoneResolvesWallTimes(t *testing.T) {
	for _, name := range TestZones {
		z := newZone(location(t, name))
		for i := 1; i < len(z.segments); i++ {
			at := z.segments[i].start
			if at < 1104537600 || at > 1767225600 {
				continue // 2005 to 2025, when every offset was whole quarters of an hour
			}
			for wall := z.wall(at) - 3*3600; wall < z.wall(at)+3*3600; wall += 15 * 60 {
				first, last := int64(0), int64(0)
				for sec := at - 30*3600; sec < at+30*3600; sec += 5 * 60 {
					if first == 0 && z.wall(sec) >= wall {
						first = sec
					}
					if z.wall(sec) < wall {
						last = sec + 5*60
					}
				}
				require.Equal(t, first, z.opening(wall), "%s: opening at %v", name, time.Unix(wall, 0).UTC())
				require.Equal(t, last, z.closing(wall), "%s: closing at %v", name, time.Unix(wall, 0).UTC())
			}
		}
	}
}

func TestZoneKnowsSkippedDates(t *testing.T) {
	for name, want := range map[string][]Date{
		"Pacific/Apia":      {{2011, time.December, 30}},
		"Pacific/Fakaofo":   {{2011, time.December, 30}},
		"Pacific/Kwajalein": {{1993, time.August, 21}},
		"Europe/Berlin":     nil,
	} {
		var got []Date
		for _, n := range newZone(location(t, name)).skipped {
			got = append(got, dateOf(n))
		}
		require.Equal(t, want, got, name)
	}
}

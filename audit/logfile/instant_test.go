package logfile

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/audit"
	"github.com/servicecharter/charter/history"
)

func zoneOf(t testing.TB, name string) *time.Location {
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

func TestInstants(t *testing.T) {
	berlin := zoneOf(t, "Europe/Berlin")
	for _, c := range []struct {
		layouts []string
		zone    *time.Location
		text    string
		want    string // empty: refused
		doubt   history.Code
	}{
		{nil, berlin, "2025/3/1 9:05", "2025-03-01T08:05:00Z", ""},
		{nil, berlin, "2025-03-01 09:05:06.789", "2025-03-01T08:05:06.789Z", ""},
		{nil, berlin, "2025年3月1日 9:05", "2025-03-01T08:05:00Z", ""},
		{nil, berlin, "2025-03-01", "2025-02-28T23:00:00Z", ""},
		{nil, berlin, "2025-03-01T09:05:00+08:00", "2025-03-01T01:05:00Z", ""},
		{nil, nil, "2025-03-01T09:05:00Z", "2025-03-01T09:05:00Z", ""},
		{nil, nil, "2025-07-01T09:05:00+02:00", "2025-07-01T07:05:00Z", ""},
		{nil, nil, "2025-01-01T09:05:00+01:00", "2025-01-01T08:05:00Z", ""},
		{nil, nil, "2025-03-01 09:05", "2025-03-01T09:05:00Z", audit.CodeNoZone},
		{nil, berlin, "1/3/2025 9:05", "", ""}, // the third of January or the first of March?
		{[]string{"2/1/2006 15:04"}, time.UTC, "29/2/2016 01:16", "2016-02-29T01:16:00Z", ""},
		{[]string{"2/1/2006 15:04"}, time.UTC, "29/2/2015 01:16", "", ""},
		{[]string{"Jan 2, 2006 3:04 PM"}, berlin, "Mar 1, 2025 9:05 PM", "2025-03-01T20:05:00Z", ""},
		{[]string{"2006-01-02 15:04 MST"}, berlin, "2025-07-01 09:05 CEST", "2025-07-01T07:05:00Z", ""},
		{[]string{Unix}, nil, "1740819900", "2025-03-01T09:05:00Z", ""},
		{[]string{Unix}, nil, "1740819900.25", "2025-03-01T09:05:00.25Z", ""},
		{[]string{UnixMilli}, nil, "1740819900250", "2025-03-01T09:05:00.25Z", ""},
		{[]string{Unix}, nil, "-1", "1969-12-31T23:59:59Z", ""},
		{[]string{Unix}, nil, "1e9", "", ""},
		// The clocks go forward on 30 March 2025 at 2:00, and back on 26 October at 3:00.
		{nil, berlin, "2025-03-30 01:59:59", "2025-03-30T00:59:59Z", ""},
		{nil, berlin, "2025-03-30 02:30", "", audit.CodeTimeSkipped},
		{nil, berlin, "2025-03-30 03:00", "2025-03-30T01:00:00Z", ""},
		{nil, berlin, "2025-10-26 01:59:59", "2025-10-25T23:59:59Z", ""},
		{nil, berlin, "2025-10-26 02:00", "", audit.CodeTimeTwice},
		{nil, berlin, "2025-10-26 02:59:59", "", audit.CodeTimeTwice},
		{nil, berlin, "2025-10-26 03:00", "2025-10-26T02:00:00Z", ""},
		{nil, zoneOf(t, "Pacific/Apia"), "2011-12-30 12:00", "", audit.CodeTimeSkipped},
		{nil, berlin, "", "", ""},
	} {
		in := newInstants(c.layouts, c.zone)
		got, doubt, ok := in.parse([]byte(c.text))
		assert.Equal(t, c.doubt, doubt, c.text)
		switch {
		case c.doubt == audit.CodeTimeSkipped, c.doubt == audit.CodeTimeTwice:
			layout := "2006-01-02 15:04"
			if len(c.text) > len(layout) {
				layout += ":05"
			}
			want, err := time.ParseInLocation(layout, c.text, c.zone)
			require.NoError(t, err)
			assert.True(t, ok && want.Equal(got), "%s: %v and not %v", c.text, got, want)
		case c.want == "":
			assert.False(t, ok, c.text)
		default:
			assert.True(t, ok, c.text)
			assert.Equal(t, c.want, history.FormatInstant(got), c.text)
		}
	}
}

// Over a change of the clocks and in every zone that has odd ones, walls resolves minutes as time.Date does, also from memory.
func TestWallsAreResolvedAsPackageTimeDoes(t *testing.T) {
	for _, name := range []string{
		"Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran",
		"Asia/Shanghai", "Asia/Kathmandu", "America/Havana", "UTC", "Africa/Monrovia", "America/Asuncion",
	} {
		zone := zoneOf(t, name)
		w := walls{zone: zone}
		for year := 1985; year < 2026; year += 5 {
			for minute := 0; minute < 366*24*60; minute += 37 {
				wall := time.Date(year, 1, 1, 0, minute, 0, 0, time.UTC)
				want := time.Date(year, 1, 1, 0, minute, 0, 0, zone)
				got, doubt := w.resolve(wall.Unix())
				if got != want.Unix() {
					t.Fatalf("%s %v: %v instead of %v", name, wall, time.Unix(got, 0).UTC(), want)
				}
				exists := want.Hour() == wall.Hour() && want.Minute() == wall.Minute() && want.Day() == wall.Day()
				if exists == (doubt == audit.CodeTimeSkipped) {
					t.Fatalf("%s %v: %q", name, wall, doubt)
				}
				twice := false
				for _, shift := range []time.Duration{-time.Hour, time.Hour, -30 * time.Minute, 30 * time.Minute} {
					other := want.Add(shift)
					twice = twice || exists && other.Hour() == wall.Hour() && other.Minute() == wall.Minute() && other.Day() == wall.Day()
				}
				if twice != (doubt == audit.CodeTimeTwice) {
					t.Fatalf("%s %v: %q, but twice is %v", name, wall, doubt, twice)
				}
			}
		}
	}
}

func FuzzInstant(f *testing.F) {
	f.Add("2006-01-02 15:04:05", "2025-03-01 09:05:06.789")
	f.Add("2006-01-02T15:04:05Z07:00", "2025-03-01T09:05:06+08:00")
	f.Add("2/1/2006 15:04", "29/2/2016 01:16")
	f.Add("2006/1/2 15:04", "2025/3/1 9:05")
	f.Add("2006年1月2日 15:04", "2025年3月1日 9:05")
	f.Add("Jan _2 2006 3:04PM -0700", "Mar  1 2025 9:05AM +0800")
	f.Add("02.01.2006 15:04:05.000", "01.03.2025 09:05:06.+12")
	f.Add("15:04:05,999 Z07", "1:2:3")
	zone := time.FixedZone("X", 3*3600)
	f.Fuzz(func(t *testing.T, form, text string) {
		if len(form) > 100 || len(text) > 100 {
			return
		}
		in := &instants{layouts: []layout{parseLayout(form)}, zone: zone, walls: walls{zone: zone}}
		got, _, ok := in.parse([]byte(text))
		want, err := time.ParseInLocation(form, text, zone)
		if ok != (err == nil) || ok && !want.Equal(got) {
			t.Fatalf("layout %q, text %q: %v %v, but package time says %v %v", form, text, got, ok, want, err)
		}
	})
}

func BenchmarkInstant(b *testing.B) {
	for _, c := range []struct{ name, layout, text string }{
		{"by hand", "2/1/2006 15:04", "29/2/2016 01:16"},
		{"RFC 3339", time.RFC3339, "2025-03-01T09:05:06+08:00"},
		{"package time", "Jan 2 2006 15:04", "Mar 1 2025 09:05"},
	} {
		b.Run(c.name, func(b *testing.B) {
			in := newInstants([]string{c.layout}, zoneOf(b, "Europe/Berlin"))
			text := []byte(c.text)
			for b.Loop() {
				if _, _, ok := in.parse(text); !ok {
					b.Fatal(c.text)
				}
			}
		})
	}
}

package records_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/records"
)

func TestParsePeriod(t *testing.T) {
	for text, want := range map[string]records.Period{
		"3 years":               records.Years(3),
		"1 year":                records.Years(1),
		"18 months":             {Months: 18},
		"30 days":               {Days: 30},
		"1 year 6 months 1 day": {Years: 1, Months: 6, Days: 1},
		"  1  year\t6 months":   {Years: 1, Months: 6},
		"?":                     {Unstated: true},
		"1000 years":            records.Years(1000),
		"0 years 1 day":         {Days: 1},
	} {
		got, err := records.ParsePeriod(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		again, err := records.ParsePeriod(got.String())
		require.NoError(t, err, text)
		assert.Equal(t, want, again, text)
	}
	for _, text := range []string{
		"", " ", "3", "years", "three years", "-3 years", "+3 years", "3 year s", "3 weeks", "1 month 1 year", "1 year 1 year", "0 days", "0 years 0 days",
		"1.5 years", "1001 years", "99999999999999999999 days", "3y", "? years", "P3Y", "3 years\x00",
	} {
		_, err := records.ParsePeriod(text)
		assert.ErrorIs(t, err, records.ErrPeriod, "%q", text)
	}
	for _, p := range []records.Period{{Years: -1}, {Days: 1 << 40}, {Years: 1, Unstated: true}} {
		_, err := p.MarshalText()
		assert.ErrorIs(t, err, records.ErrPeriod)
	}
}

// TestPeriodEnds are cases that the texts of the law name, and their like: Civil Code of China, articles 201 to 203; Regulation (EEC, Euratom) No
// 1182/71, article 3 (2) (c): no such day in the last month, then its last day.
func TestPeriodEnds(t *testing.T) {
	for _, c := range []struct {
		period, zone, start, end string
	}{
		{"3 years", "Asia/Shanghai", "2025-03-03T00:00:00+08:00", "2028-03-04T00:00:00+08:00"},
		{"3 years", "Asia/Shanghai", "2025-03-03T23:59:59.999999999+08:00", "2028-03-04T00:00:00+08:00"},
		{"3 years", "UTC", "2025-03-02T16:00:00Z", "2028-03-03T00:00:00Z"}, // the same instant stands on another day
		{"1 year", "Asia/Shanghai", "2024-02-29T12:00:00+08:00", "2025-03-01T00:00:00+08:00"},
		{"4 years", "Asia/Shanghai", "2024-02-29T12:00:00+08:00", "2028-03-01T00:00:00+08:00"},
		{"1 year", "Asia/Shanghai", "2025-02-28T12:00:00+08:00", "2026-03-01T00:00:00+08:00"},
		{"3 years", "Asia/Shanghai", "2025-02-28T12:00:00+08:00", "2028-02-29T00:00:00+08:00"},
		{"1 month", "Asia/Shanghai", "2025-01-31T12:00:00+08:00", "2025-03-01T00:00:00+08:00"},
		{"1 month", "Asia/Shanghai", "2024-01-30T12:00:00+08:00", "2024-03-01T00:00:00+08:00"},
		{"1 month 1 day", "Asia/Shanghai", "2025-01-31T12:00:00+08:00", "2025-03-02T00:00:00+08:00"},
		{"13 months", "Asia/Shanghai", "2025-12-31T12:00:00+08:00", "2027-02-01T00:00:00+08:00"},
		{"1 day", "Asia/Shanghai", "2025-12-31T12:00:00+08:00", "2026-01-02T00:00:00+08:00"},
		{"1 day", "America/New_York", "2025-03-08T12:00:00-05:00", "2025-03-10T00:00:00-04:00"},  // 23 hours
		{"1 day", "America/New_York", "2025-11-01T12:00:00-04:00", "2025-11-03T00:00:00-05:00"},  // 25 hours
		{"1 day", "America/Sao_Paulo", "2018-11-02T12:00:00-03:00", "2018-11-04T01:00:00-02:00"}, // no midnight
		{"1 day", "America/Sao_Paulo", "2018-02-16T12:00:00-02:00", "2018-02-18T00:00:00-03:00"}, // 23:00 to 24:00 twice
		{"1 day", "America/Havana", "2024-11-01T12:00:00-04:00", "2024-11-03T00:00:00-04:00"},    // 00:00 to 01:00 twice: the day before is over at once
		{"1 day", "Pacific/Apia", "2011-12-28T12:00:00-10:00", "2011-12-31T00:00:00+14:00"},      // there was no 30th
		{"1 day", "Pacific/Apia", "2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00"},
		{"1 year", "Europe/Berlin", "2071-12-31T12:00:00+01:00", "2073-01-01T00:00:00+01:00"}, // package time's zone bounds on the last day of a leap year
	} {
		p, err := records.ParsePeriod(c.period)
		require.NoError(t, err)
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		assert.Equal(t, c.end, p.End(instant(t, c.start), zone).Format(time.RFC3339Nano), "%s from %s in %s", c.period, c.start, c.zone)
	}
	assert.Equal(t, "2026-01-02T00:00:00Z", records.Period{Days: 1}.End(instant(t, "2025-12-31T12:00:00Z"), nil).Format(time.RFC3339))
}

func instant(t require.TestingT, s string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, s)
	require.NoError(t, err, s)
	return at
}

// TestPeriodAgainstModel counts days of the local calendar one by one, minute by minute where the day changes.
func TestPeriodAgainstModel(t *testing.T) {
	zones := []string{"UTC", "Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Atlantic/Azores"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		require.NoError(t, err)
		start := time.Unix(rapid.Int64Range(1_000_000_000, 1_900_000_000).Draw(t, "start"), 0).In(zone)
		p := records.Period{
			Years: rapid.IntRange(0, 4).Draw(t, "years"), Months: rapid.IntRange(0, 30).Draw(t, "months"), Days: rapid.IntRange(0, 40).Draw(t, "days"),
		}
		if p.IsZero() {
			return
		}
		// The last day, by the slow way: month by month, then day by day.
		y, m, d := start.Date()
		for range p.Years*12 + p.Months {
			if m++; m > 12 {
				y, m = y+1, 1
			}
		}
		for time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Month() != m {
			d--
		}
		last := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		for range p.Days {
			last = last.AddDate(0, 0, 1)
		}
		day := last.Format(time.DateOnly)
		// The end is the instant after the last one that still shows that day or an earlier one.
		end := p.End(start, zone)
		require.LessOrEqual(t, end.Add(-time.Nanosecond).In(zone).Format(time.DateOnly), day)
		for at := end; at.Before(end.Add(26 * time.Hour)); at = at.Add(5 * time.Minute) {
			require.Greater(t, at.In(zone).Format(time.DateOnly), day, at)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"3 years", "1 year 6 months 2 days", "?", "0 days", "1 month 1 month", "999999999999999999999 days"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := records.ParsePeriod(s)
		if err != nil {
			require.ErrorIs(t, err, records.ErrPeriod)
			return
		}
		again, err := records.ParsePeriod(p.String())
		require.NoError(t, err)
		require.Equal(t, p, again)
		if !p.Unstated {
			start := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
			require.True(t, p.End(start, time.UTC).After(start))
		}
	})
}

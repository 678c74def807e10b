package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/sla/calendar"
)

func TestStartOfADate(t *testing.T) {
	for _, tc := range []struct{ zone, date, want string }{
		{"Asia/Shanghai", "2025-03-03", "2025-03-02T16:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // midnight lies in the gap: 00:00 became 01:00
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},      // skipped: as the 31st
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"Europe/Berlin", "2025-10-27", "2025-10-26T23:00:00Z"}, // after a day of 25 hours
		{"UTC", "9999-12-31", "2262-01-01T00:00:00Z"},
	} {
		c, err := calendar.New(calendar.Spec{Zone: tc.zone, Hours: calendar.AllWeek()})
		require.NoError(t, err)
		d, err := calendar.ParseDate(tc.date)
		require.NoError(t, err)
		require.Equal(t, calendar.Latest(), c.StartOf(calendar.Date{Year: 1 << 40, Month: 1, Day: 1}).UTC())
		require.Equal(t, tc.want, c.StartOf(d).UTC().Format(time.RFC3339), "%s in %s", tc.date, tc.zone)
	}
}

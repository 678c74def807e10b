package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/history"
)

func TestParseInstant(t *testing.T) {
	for in, want := range map[string]time.Time{
		"2025-03-03T09:00:00+08:00":           nine,
		"2025-03-03T01:00:00Z":                nine,
		"2025-03-03T01:00:00.000000001Z":      nine.Add(1),
		"2025-03-03T01:00:00.10Z":             nine.Add(100 * time.Millisecond),
		"2025-03-02T01:01:00-23:59":           nine,
		"2024-02-29T23:59:59.999999999-00:00": time.Date(2024, 2, 29, 23, 59, 59, 999999999, time.UTC),
		"0000-01-01T00:00:00Z":                time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59Z":                time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		got, err := history.ParseInstant(in)
		require.NoError(t, err, in)
		assert.Equal(t, want.UTC(), got, in)
	}
	for _, in := range []string{
		"", "2025", "2025-03-03", "2025-03-03T09:00", "2025-03-03T09:00:00", "2025-03-03T09:00:00 Z", "2025-03-03t09:00:00Z", "2025-03-03T09:00:00z",
		"2025-03-03 09:00:00Z", "2025-03-03T9:00:00Z", "2025-3-3T09:00:00Z", "2025-03-03T09:00:00,5Z", "2025-03-03T09:00:00.Z", "2025-03-03T09:00:00.",
		"2025-03-03T09:00:00.0000000001Z", "2025-02-29T09:00:00Z", "2025-00-01T09:00:00Z", "2025-13-01T09:00:00Z", "2025-03-00T09:00:00Z",
		"2025-03-32T09:00:00Z", "2025-03-03T24:00:00Z", "2025-03-03T09:60:00Z", "2016-12-31T23:59:60Z", "2025-03-03T09:00:00+08", "2025-03-03T09:00:00+0800",
		"2025-03-03T09:00:00+24:00", "2025-03-03T09:00:00+08:60", "2025-03-03T09:00:00Z ", "+025-03-03T09:00:00Z", "-001-03-03T09:00:00Z",
		"2025-03-03T09:00:00.5", "２０２５-03-03T09:00:00Z",
	} {
		got, err := history.ParseInstant(in)
		require.ErrorIs(t, err, history.ErrInstant, in)
		assert.Zero(t, got)
	}
	for _, in := range []string{"0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"} {
		_, err := history.ParseInstant(in)
		require.ErrorIs(t, err, history.ErrTime, in)
	}
}

// TestParseInstantAgainstTime: time.Parse reads the same instant from whatever RFC 3339 text there is.
func TestParseInstantAgainstTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := instant().Draw(t, "at")
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000000000Z07:00"} {
			text := at.Format(layout)
			if at.Year() < 0 || at.Year() > 9999 {
				continue
			}
			want, err := time.Parse(time.RFC3339Nano, text)
			require.NoError(t, err)
			got, err := history.ParseInstant(text)
			require.NoError(t, err)
			require.Equal(t, want.UTC(), got)
			require.Equal(t, at.UTC().Format(time.RFC3339Nano), history.FormatInstant(got))
		}
	})
}

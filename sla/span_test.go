package sla_test

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/sla"
)

const day = 24 * time.Hour

func TestSpanText(t *testing.T) {
	for text, want := range map[string]sla.Span{
		"4h":                           sla.Wall(4 * time.Hour),
		"30m":                          sla.Wall(30 * time.Minute),
		"1h30m":                        sla.Wall(90 * time.Minute),
		"1m30s":                        sla.Wall(90 * time.Second),
		"1.5s":                         sla.Wall(1500 * time.Millisecond),
		"1ns":                          sla.Wall(1),
		"24h?":                         {Length: day},
		"8 business hours":             sla.OpenTime(8 * time.Hour),
		"1 business hour":              sla.OpenTime(time.Hour),
		"90 business minutes":          sla.OpenTime(90 * time.Minute),
		"1 business minute":            sla.OpenTime(time.Minute),
		"30 business seconds":          sla.OpenTime(30 * time.Second),
		"0.000000001 business seconds": sla.OpenTime(1),
		"1 working day":                sla.Days(1),
		"3 working days":               sla.Days(3),
		"1.5 working days":             {Length: 36 * time.Hour, Basis: sla.WorkingDays},
		"0.25 working days":            {Length: 6 * time.Hour, Basis: sla.WorkingDays},
		"1 working day 8h":             {Length: 32 * time.Hour, Basis: sla.WorkingDays},
		"2 working days 1ns":           {Length: 2*day + 1, Basis: sla.WorkingDays},
		"0 working days 8h":            {Length: 8 * time.Hour, Basis: sla.WorkingDays},
		"2562047h47m16.854775807s":     sla.Wall(math.MaxInt64),
		"2562047h47m16.854775807s?":    {Length: math.MaxInt64},
		"":                             {},
	} {
		got, err := sla.ParseSpan(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, text, got.String())
	}
}

// What people write is more than what is printed.
func TestSpanTextIsReadGenerously(t *testing.T) {
	for text, want := range map[string]sla.Span{
		"  4h ":                 sla.Wall(4 * time.Hour),
		"2 days":                sla.Wall(48 * time.Hour),
		"1 day":                 sla.Wall(day),
		"1.5 days":              sla.Wall(36 * time.Hour),
		"4 hours":               sla.Wall(4 * time.Hour),
		"15 minutes":            sla.Wall(15 * time.Minute),
		"45 seconds":            sla.Wall(45 * time.Second),
		"2 days ?":              {Length: 48 * time.Hour},
		"24 hours?":             {Length: day},
		"8\tbusiness  hour":     sla.OpenTime(8 * time.Hour),
		"1.5 business hours":    sla.OpenTime(90 * time.Minute),
		"007 working days":      sla.Days(7),
		"60m":                   sla.Wall(time.Hour),
		"0.5 business minutes":  sla.OpenTime(30 * time.Second),
		"1 working day 0h":      sla.Days(1),
		".5 days":               sla.Wall(12 * time.Hour),
		"106751.5 working days": {Length: 106751*day + 12*time.Hour, Basis: sla.WorkingDays},
		"9223372036 seconds":    sla.Wall(9223372036 * time.Second),
	} {
		got, err := sla.ParseSpan(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

func TestSpanRefusesWhatIsNoLength(t *testing.T) {
	for _, text := range []string{
		"?", " ? ", "??", "h", "4", "4 h", "four hours", "-4h", "-1 working days", "0h", "0s", "0 working days", "0 days",
		"1e3 hours", "1/2 days", "0x10 days", "1_000 days", "1.2.3 days", ". days", "NaN days", "∞ days", "+1 days",
		"3 working", "working days", "3 business days", "3 working hours", "3 weeks", "3 months", "2 working days 24h",
		"2 working days -1h", "2 working days soon", "2 working days 1h 1m", "8 business hours?", "3 working days?",
		"8 business hours 5m", "4h 30m", "1.0000000001 seconds", "292 years", "10000000h", "106752 working days",
		"106751 working days 23h48m", "99999999999999999999 days", strings.Repeat("9", 31) + " days", "4h\x00", "4 hourss",
	} {
		got, err := sla.ParseSpan(text)
		require.ErrorIs(t, err, sla.ErrSpan, text)
		assert.Contains(t, err.Error(), strconv.Quote(text))
		assert.Zero(t, got, text)
	}
}

func TestSpanTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sla.Span{
			Length: time.Duration(rapid.Int64Range(1, math.MaxInt64).Draw(t, "length")),
			Basis:  rapid.SampledFrom([]sla.Basis{sla.Unnamed, sla.Elapsed, sla.Business, sla.WorkingDays}).Draw(t, "basis"),
		}
		if unit := rapid.SampledFrom([]time.Duration{1, time.Second, time.Minute, time.Hour, day, day / 8}).Draw(t, "unit"); s.Length > unit {
			s.Length -= s.Length % unit
		}
		text, err := json.Marshal(s)
		require.NoError(t, err)
		var back sla.Span
		require.NoError(t, json.Unmarshal(text, &back), "%s", text)
		require.Equal(t, s, back, "%s", text)
	})
}

// A negative span is no limit, but its text is fit for an explanation.
func TestSpanOfNegativeLength(t *testing.T) {
	assert.Equal(t, "-4h", sla.Wall(-4*time.Hour).String())
	assert.Equal(t, "-1 working day", sla.Days(-1).String())
	assert.Equal(t, "-1 working day 1ns", sla.Span{Length: -day - 1, Basis: sla.WorkingDays}.String())
	assert.Equal(t, "-2562047h47m16.854775808s", sla.Wall(math.MinInt64).String())
	assert.True(t, sla.Span{Basis: sla.Business}.IsZero())
	assert.Equal(t, "4h0m0s on basis(9)", sla.Span{Length: 4 * time.Hour, Basis: 9}.String())
}

func TestBasisNames(t *testing.T) {
	assert.Equal(t, "unnamed", sla.Unnamed.String())
	assert.Equal(t, "elapsed", sla.Elapsed.String())
	assert.Equal(t, "business", sla.Business.String())
	assert.Equal(t, "working days", sla.WorkingDays.String())
	assert.Equal(t, "basis(200)", sla.Basis(200).String())
}

func TestOffsetText(t *testing.T) {
	for text, want := range map[string]sla.Offset{
		"due":               {},
		"80%":               {Permille: 800},
		"0.1%":              {Permille: 1},
		"12.5%":             {Permille: 125},
		"100%":              {Permille: 1000},
		"1000%":             {Permille: 10_000},
		"-30m":              {Span: sla.Wall(30 * time.Minute)},
		"+30m":              {Span: sla.Wall(30 * time.Minute), After: true},
		"-2 business hours": {Span: sla.OpenTime(2 * time.Hour)},
		"+1 working day":    {Span: sla.Days(1), After: true},
	} {
		got, err := sla.ParseOffset(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, text, got.String())
		got, err = sla.ParseOffset("  " + text + " ")
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", " ", "30m", "0%", "0.05%", "-5%", "1000.1%", "1001%", "%", "x%", "80", "+", "-", "+?", "-?", "--30m", "+24h?", "-0h", "Due",
		"+1e300%", "+-1h", "+99999999 working days", "80%%", "٨٠%",
	} {
		got, err := sla.ParseOffset(text)
		require.ErrorIs(t, err, sla.ErrSpan, text)
		assert.Zero(t, got, text)
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, s := range []string{"4h", "24h?", "8 business hours", "1.5 working days", "1 working day 1ns", "?", "", "0.1 days"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := sla.ParseSpan(text)
		if err != nil {
			require.ErrorIs(t, err, sla.ErrSpan)
			require.Zero(t, s)
			return
		}
		if strings.TrimSpace(text) == "" {
			require.Zero(t, s)
			return
		}
		require.Positive(t, s.Length)
		back, err := sla.ParseSpan(s.String())
		require.NoError(t, err)
		require.Equal(t, s, back)
	})
}

func FuzzParseOffset(f *testing.F) {
	for _, s := range []string{"80%", "due", "-30m", "+1 working day", "-?", "0.1%", "+2 days"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := sla.ParseOffset(text)
		if err != nil {
			require.ErrorIs(t, err, sla.ErrSpan)
			require.Zero(t, o)
			return
		}
		back, err := sla.ParseOffset(o.String())
		require.NoError(t, err)
		require.Equal(t, o, back)
	})
}

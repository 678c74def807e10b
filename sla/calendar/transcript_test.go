package calendar_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/servicecharter/charter/sla/calendar"
)

// TestTranscripts replays testdata/*.txt; -rewrite writes down what happens
// now. A calendar is declared as in JSON and stays for the commands after it.
// Times are local in its zone, or carry an offset.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		made := map[string]*calendar.Calendar{}
		var c *calendar.Calendar
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var err error
			out := ""
			switch d.Cmd {
			case "calendar":
				var spec calendar.Spec
				if err = json.Unmarshal([]byte(d.Input), &spec); err == nil {
					c, err = calendar.New(spec)
				}
				if err == nil {
					made[c.Name()] = c
					out = c.Spec().Hours.String()
				}
			case "union", "intersect":
				var parts []*calendar.Calendar
				for _, arg := range d.CmdArgs {
					parts = append(parts, made[arg.Key])
				}
				combine := map[string]func(string, ...*calendar.Calendar) (*calendar.Calendar, error){
					"union": calendar.Union, "intersect": calendar.Intersect,
				}[d.Cmd]
				if c, err = combine(d.Cmd, parts...); err == nil {
					out = "ok"
				}
			case "week":
				var w calendar.Week
				if w, err = calendar.ParseWeek(d.Input); err == nil {
					out = w.String()
				}
			case "days":
				read := calendar.ReadDaysCSV
				if d.HasArg("json") {
					read = calendar.ReadDaysJSON
				}
				var days calendar.Days
				if days, err = read(strings.NewReader(d.Input)); err == nil {
					var data []byte
					for _, day := range days.Days {
						data, err = json.Marshal(day)
						out += string(data) + "\n"
					}
					out += "published " + days.Published.String()
				}
			default:
				for _, line := range strings.Split(d.Input, "\n") {
					out += ask(t, c, d.Cmd, strings.Fields(line)) + "\n"
				}
			}
			if err != nil {
				out = "error: " + err.Error()
			}
			return strings.TrimRight(out, "\n")
		})
	})
}

const shown = "Mon 2006-01-02 15:04:05.999999999 -07:00"

func show(t time.Time) string { return t.Format(shown) }

// ask answers one line of a command; its words are times, spans and options.
func ask(t *testing.T, c *calendar.Calendar, cmd string, words []string) string {
	at := func(i int) time.Time { return when(t, c, words[i]) }
	span := func(i int) time.Duration {
		d, err := time.ParseDuration(words[i])
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	option := func(word string) bool { return strings.Contains(strings.Join(words, " "), word) }
	switch cmd {
	case "add":
		edge := calendar.AtClose
		if option("next-opening") {
			edge = calendar.NextOpening
		}
		return show(c.AddEdge(at(0), span(1), edge))
	case "between":
		return c.Between(at(0), at(1)).String()
	case "open":
		if c.IsOpen(at(0)) {
			return "open, closes " + show(c.NextClose(at(0)))
		}
		return "closed, opens " + show(c.NextOpen(at(0)))
	case "intervals":
		var lines []string
		for i := range c.Intervals(at(0), at(1)) {
			lines = append(lines, show(i.Start)+" to "+show(i.End)+" = "+i.Duration().String())
		}
		return strings.Join(lines, "\n")
	case "add-days":
		var n int
		fmt.Sscan(words[1], &n)
		var rule calendar.DayRule
		if option("last-hours") {
			rule.End = calendar.LastHours
		}
		if option("include-start") {
			rule.Count = calendar.IncludeStart
		}
		return show(c.AddDays(at(0), n, rule))
	case "days-between":
		return fmt.Sprint(c.DaysBetween(at(0), at(1)))
	case "day":
		d, err := calendar.ParseDate(words[0])
		if err != nil {
			return err.Error()
		}
		info := c.Day(d)
		return strings.TrimSpace(fmt.Sprintf("%v: %v %v %s", d, info.Kind, info.Hours, info.Name))
	case "provisional":
		return fmt.Sprint(c.Provisional(at(0)))
	case "meter":
		// The position since the first time named, and what it leads back to.
		p := c.DayPosition(at(1))
		return fmt.Sprintf("%v, reached %s, last close %s", p-c.DayPosition(at(0)), show(c.AtDayPosition(p)), show(c.LastClose(p)))
	}
	t.Fatalf("no command %q", cmd)
	return ""
}

// when reads a time: with an offset, or as the first instant at which the
// zone's clock shows it.
func when(t testing.TB, c *calendar.Calendar, text string) time.Time {
	t.Helper()
	if at, err := time.Parse("2006-01-02T15:04:05.999999999Z07:00", text); err == nil {
		return at.In(c.Location())
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05.999999999"} {
		if at, err := time.ParseInLocation(layout, text, c.Location()); err == nil {
			return at
		}
	}
	t.Fatalf("no time: %q", text)
	return time.Time{}
}

// Command deadline shows on a page when a ticket is due, and why: the first
// level of adoption. It keeps nothing and sets nothing up; the history of a
// ticket is made from the columns that its row has anyway.
//
//	go run ./examples/deadline -addr localhost:8080
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// Ticket is a row of the host's own table.
type Ticket struct {
	ID, Tier                               string
	Created, Accepted, FirstReply, Settled time.Time
	WaitingFrom, WaitingTo                 time.Time
}

// rules are the norms handbook with what the host decides: what a printed
// figure counts, the office hours, and that waiting for the customer pauses.
func rules() (*charter.Handbook, error) {
	norms, err := handbooks.Norms()
	if err != nil {
		return nil, err
	}
	office, err := handbooks.ChinaOfficeHours("Mo-Fr 09:00-12:00,13:00-18:00; PH off")
	if err != nil {
		return nil, err
	}
	waiting, err := sla.ParseMatch("held[reason=customer]")
	if err != nil {
		return nil, err
	}
	return norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "our reading of the norms", Zone: "Asia/Shanghai",
		Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{
			{Edit: charter.NameBasis{Basis: sla.Business, Clauses: []string{charter.Every}}},
			{Edit: charter.SetCalendar{Spec: office.Spec()}},
			{Edit: charter.SetPauses{Metric: "closure", On: []sla.Match{waiting}}},
		},
	})
}

// judge is all that a host writes to know what its ticket is held to.
func judge(handbook *charter.Handbook, t Ticket, now time.Time) (charter.Judgement, error) {
	h, err := history.FromTimes(history.Times{
		Case:       t.ID,
		Attributes: history.Of("kind", "ticket", "tier", t.Tier),
		At: map[history.Kind]time.Time{
			history.Opened: t.Created, history.Accepted: t.Accepted, history.Responded: t.FirstReply,
			history.Checked: t.FirstReply, history.Closed: t.Settled,
		},
		Pauses: pauses(t),
	})
	if err != nil {
		return charter.Judgement{}, err
	}
	return handbook.Judge(h, now)
}

func pauses(t Ticket) []history.Pause {
	if t.WaitingFrom.IsZero() {
		return nil
	}
	return []history.Pause{{From: t.WaitingFrom, To: t.WaitingTo, Reason: "customer"}}
}

var page = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{{.Case}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46em;margin:3em auto;padding:0 1em;color:#1f2933}
#left{font-size:2.6em;font-variant-numeric:tabular-nums;margin:.1em 0}.breached #left{color:#b42318}
pre{background:#f5f7fa;padding:1em;overflow-x:auto;border-radius:6px}</style>
<body class="{{.State}}"><h1>{{.Case}}</h1>
<p>{{.English}}<br>{{.Chinese}}</p><p id="left"></p><p>due {{.Due}} ({{.State}}, {{.Clause}})</p><pre>{{.Why}}</pre>
<script>const c = {{.Countdown}}, t0 = Date.now();
setInterval(() => {
  const gone = c.ticking ? Date.now() - t0 : 0, ms = c.remaining_ms - gone, s = Math.abs(ms) / 1000 | 0;
  left.textContent = (ms < 0 ? "over by " : "") + [s / 3600 | 0, (s / 60 | 0) % 60, s % 60].map(n => String(n).padStart(2, "0")).join(":");
  if (c.until && Date.now() - t0 > Date.parse(c.until) - Date.parse(c.now)) location.reload();
}, 250)</script></body></html>`))

// handler shows one ticket.
func handler(handbook *charter.Handbook, find func(id string) (Ticket, bool), now func() time.Time) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, ok := find(r.PathValue("id"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		j, err := judge(handbook, t, now())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		headline, ok := j.Headline()
		if !ok {
			fmt.Fprintln(w, "nothing is owed any more")
			return
		}
		clause, _ := j.Clause(headline)
		why, _ := j.Explain(headline)
		countdown, _ := json.Marshal(j.Countdown(headline))
		err = page.Execute(w, map[string]any{
			"Case": t.ID, "English": clause.Text.EN, "Chinese": clause.Text.ZH, "Clause": clause.ID, "State": headline.State.String(),
			"Due": headline.Due.In(why.Zone).Format("Mon 2 Jan 15:04"), "Why": why.String(), "Countdown": template.JS(countdown),
		})
		if err != nil {
			log.Print(err)
		}
	}
}

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	flag.Parse()
	handbook, err := rules()
	if err != nil {
		log.Fatal(err)
	}
	begin := time.Now().Add(-90 * time.Minute)
	sample := func(id string) (Ticket, bool) {
		return Ticket{ID: id, Tier: "routine", Created: begin, Accepted: begin.Add(5 * time.Minute), FirstReply: begin.Add(8 * time.Minute)}, true
	}
	http.HandleFunc("GET /tickets/{id}", handler(handbook, sample, time.Now))
	log.Printf("http://%s/tickets/T-1001", *addr)
	log.Fatal(http.ListenAndServe(*addr, nil))
}

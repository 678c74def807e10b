// Command metrics counts what a desk does, for Prometheus: notices told and
// refused, races lost, and how late a notice was recorded.
//
//	go run ./examples/metrics
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/handbooks"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/sla/calendar"
)

// observe is the hook of the desk: one counter and one histogram.
func observe(registry *prometheus.Registry) func(charter.Event) {
	events := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "charter_desk_events_total", Help: "What the desk did.",
	}, []string{"kind"})
	late := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "charter_notice_lateness_seconds", Help: "From a notice's instant to its recording.",
		Buckets: []float64{0.1, 1, 10, 60, 600, 3600},
	})
	registry.MustRegister(events, late)
	return func(e charter.Event) {
		events.WithLabelValues(e.Kind.String()).Inc()
		if e.Kind == charter.Noticed {
			late.Observe(e.Lateness.Seconds())
		}
	}
}

// run plays one late ticket and writes the page that Prometheus would read.
func run(w io.Writer) error {
	norms, err := handbooks.Norms()
	if err != nil {
		return err
	}
	rules, err := norms.Amend(charter.Patch{
		Base: norms.Pin(), Reason: "hours are hours on the wall", Effective: calendar.Date{Year: 2025, Month: time.January, Day: 1},
		Changes: []charter.Change{{Edit: charter.NameBasis{Basis: sla.Elapsed, Clauses: []string{charter.Every}}}},
	})
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	now := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	desk, err := charter.NewDesk(charter.Config{
		Handbook: rules, Journal: journal.NewMemory(), Now: func() time.Time { return now },
		Deliver: func(context.Context, charter.Delivery) error { return nil }, Observe: observe(registry),
	})
	if err != nil {
		return err
	}
	ctx := context.Background()
	if _, err := desk.Record(ctx, "T-1", "", func(history.History) ([]history.Entry, error) {
		return []history.Entry{{Kind: history.Opened, Fields: history.Of("kind", "ticket", "tier", "urgent")}}, nil
	}); err != nil {
		return err
	}
	now = now.Add(61 * time.Minute)
	if _, err := desk.Tick(ctx); err != nil {
		return err
	}
	page := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	_, err = fmt.Fprint(w, page.Body)
	return err
}

func main() {
	if err := run(log.Writer()); err != nil {
		log.Fatal(err)
	}
}

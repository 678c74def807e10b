// Command helpdesk is a small help desk that keeps its tickets in a
// charter.Desk over SQLite: the third level of adoption. Deadlines count down
// on the page, warnings and breaches turn up on it by themselves, and a
// process that was killed goes on where it stopped.
//
//	go run ./examples/helpdesk -db helpdesk.db
//	go run ./examples/helpdesk -db trial.db -speed 60
//
// With -speed 60 an hour passes in a minute, so that a ticket left alone is
// overdue after ten seconds. Such a trial wants a file of its own: its tickets
// run ahead of the wall clock, and a desk that opens them later begins at the
// last instant on record.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	path := flag.String("db", "helpdesk.db", "database file")
	speed := flag.Float64("speed", 1, "how many times faster than the wall clock time passes")
	flag.Parse()
	if *speed < 1 {
		log.Fatal("-speed is at least 1")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("http://%s/ (%s, speed %g)", listener.Addr(), *path, *speed)
	if err := serve(ctx, listener, *path, *speed); err != nil {
		log.Fatal(err)
	}
}

// serve runs the desk and its pages until the context ends.
func serve(ctx context.Context, listener net.Listener, path string, speed float64) error {
	defer listener.Close()
	s, err := open(ctx, path, setting{speed: speed, clock: from(speed), logger: slog.Default()})
	if err != nil {
		return err
	}
	defer s.close()
	running := make(chan error, 1)
	go func() { running <- s.desk.Run(ctx) }()
	web := &http.Server{Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Requests and the notice that is being delivered are finished first.
	last, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err = web.Shutdown(last)
	if stopped := <-running; !errors.Is(stopped, context.Canceled) {
		err = errors.Join(err, stopped)
	}
	return err
}

// from makes a clock that begins now, or at the last instant on record where
// that is later, and passes so many times faster.
func from(speed float64) func(last time.Time) func() time.Time {
	return func(last time.Time) func() time.Time {
		began := time.Now()
		base := began
		if last.After(base) {
			base = last
		}
		return func() time.Time {
			return base.Add(time.Duration(float64(time.Since(began)) * speed)).Truncate(time.Millisecond)
		}
	}
}

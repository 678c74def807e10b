// Command helpdesk is a small help desk that keeps its tickets in a
// charter.Desk over SQLite: the third level of adoption. Deadlines count down
// on the page and explain themselves, warnings and breaches turn up by
// themselves, and a process that was killed goes on where it stopped.
//
//	go run ./examples/helpdesk
//	go run ./examples/helpdesk -answer 20s -db trial.db
//
// With -answer 20s a customer has to be answered within twenty seconds instead
// of the handbook's ten minutes, of which the clause's text still speaks: leave a
// ticket alone and watch.
//
// What a host has to write is all here: rules.go says by which rules the house
// works, desk.go keeps and changes tickets, web.go and page show them.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	path := flag.String("db", "helpdesk.db", "database file")
	answer := flag.Duration("answer", 10*time.Minute, "how soon a customer must be answered")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *path, *answer); err != nil {
		log.Fatal(err)
	}
}

// run serves the pages and runs the desk until the context ends. Whatever was
// acknowledged by then is in the journal.
func run(ctx context.Context, addr, path string, answer time.Duration) error {
	second := func() time.Time { return time.Now().Truncate(time.Second) } // what the pages show
	d, err := open(ctx, path, answer, second)
	if err != nil {
		return err
	}
	defer d.journal.Close()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	log.Printf("http://%s/", listener.Addr())

	var running sync.WaitGroup
	defer running.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	running.Go(func() { _ = d.desk.Run(ctx) }) // ends with the context, and only then
	web := &http.Server{Handler: d.handler(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = web.Close() })
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

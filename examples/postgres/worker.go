package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/journal/postgres"
)

// worker names, in the environment of a child, who it is: name, schema, and for
// the one that is going to die, when.
const worker = "CHARTER_EXAMPLE_WORKER"

// child starts this program again as a worker. It says on its output that it
// waits for death, and ends in peace when its input does.
func child(ctx context.Context, schema, name, kill string) (*exec.Cmd, io.WriteCloser, io.Reader, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), worker+"="+name+" "+schema+" "+kill)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, nil, err
	}
	return cmd, in, out, cmd.Start()
}

// end kills a child, if it still runs, and waits until it is gone. What they
// return says only that.
func end(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// work is a child: a desk that runs. Nothing in it knows of the other one.
func work(ctx context.Context, who string, in io.Reader, out io.Writer) error {
	name, rest, _ := strings.Cut(who, " ")
	schema, kill, _ := strings.Cut(rest, " ")
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	pool, err := connect(ctx, schema)
	if err != nil {
		return err
	}
	defer pool.Close()
	j, err := postgres.Open(ctx, pool, postgres.Options{Schema: schema})
	if err != nil {
		return err
	}
	handbook, err := rules()
	if err != nil {
		return err
	}
	deliveries := 0
	desk, err := charter.NewDesk(charter.Config{
		Handbook: handbook, Journal: j, Now: time.Now, MaxSleep: 100 * time.Millisecond,
		// How soon another process takes a delivery over; in life, longer than
		// any delivery takes.
		Retry: func(int) time.Duration { return time.Second },
		Deliver: func(ctx context.Context, d charter.Delivery) error {
			deliveries++
			fatal := deliveries == 3
			if fatal && kill == "before" {
				linger(out, d)
			}
			_, err := pool.Exec(ctx, `insert into told (notice, worker) values ($1, $2)`, d.ID, name)
			if fatal && kill == "after" {
				linger(out, d)
			}
			return err
		},
	})
	if err != nil {
		return err
	}
	if err := desk.Run(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// linger waits in the midst of a delivery for the kill.
func linger(out io.Writer, d charter.Delivery) {
	fmt.Fprintln(out, d.ID)
	select {}
}

package postgres_test

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

var kills = flag.Int("kills", 20, "how often TestKill9 kills a process that appends")

// childSchema is set in the environment of the process that TestKill9 kills.
const childSchema = "CHARTER_POSTGRES_CHILD"

// child appends to four cases until it is killed and prints each append that was acknowledged.
func child(schema string) int {
	ctx := context.Background()
	config, err := pgxpool.ParseConfig(server())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	config.ConnConfig.RuntimeParams["application_name"] = schema
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	j, err := postgres.Open(ctx, pool, postgres.Options{Schema: schema})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	me := rand.Uint64()
	var print sync.Mutex
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			id := fmt.Sprint("T-", i)
			h, _, err := j.Read(ctx, id, 0)
			for n := 0; err == nil || errors.Is(err, journal.ErrUnknownCase); n++ {
				b := batch(id, h, fmt.Sprintf("%d by %x", h.Version+1, me))
				b.Key = fmt.Sprintf("%x-%d", me, n)
				var conflict *journal.ConflictError
				if h, err = j.Append(ctx, b); errors.As(err, &conflict) {
					// What the one before was about to append when it died has arrived.
					h, err = conflict.Actual, nil
					continue
				}
				if err != nil {
					break
				}
				print.Lock()
				fmt.Printf("%s/%d=%s\n", id, h.Version, b.Records[0])
				print.Unlock()
			}
			fmt.Fprintln(os.Stderr, err)
		})
	}
	group.Wait()
	return 1
}

// A process that appends is killed without warning, again and again. Every append that it has printed as acknowledged is read back and
// scanned once, by a reader that follows all the time.
func TestKill9(t *testing.T) {
	j, pool, schema := fresh(t)
	random := rand.New(rand.NewPCG(1, 2))
	acknowledged := 0
	scanned := map[string]bool{}
	var pos journal.Position
	follow := func() {
		var news []string
		news, pos = scan(t, j, pos)
		for _, n := range news {
			require.False(t, scanned[n], "%s was scanned twice", n)
			scanned[n] = true
		}
	}
	for range *kills {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), childSchema+"="+schema)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())

		lines := bufio.NewReader(out)
		var told []string
		read := func() error {
			line, err := lines.ReadString('\n')
			if err == nil {
				told = append(told, strings.TrimSuffix(line, "\n"))
			}
			return err
		}
		require.NoError(t, read(), "the process has begun")
		timer := time.AfterFunc(time.Duration(random.IntN(60))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		for read() == nil {
			continue
		}
		timer.Stop()
		require.Error(t, cmd.Wait())
		require.False(t, cmd.ProcessState.Exited(), "it was killed and did not end by itself")

		follow()
		for _, s := range told {
			require.True(t, scanned[s], "%s was acknowledged", s)
		}
		acknowledged += len(told)
	}
	// What was on its way to the server may be kept, although nobody was told.
	require.Eventually(t, func() bool {
		var sessions int
		err := pool.QueryRow(t.Context(), "select count(*) from pg_stat_activity where application_name = $1", schema).Scan(&sessions)
		return err == nil && sessions == 0
	}, time.Minute, 5*time.Millisecond)
	follow()
	for i := range 4 {
		id := fmt.Sprint("T-", i)
		h, records, err := j.Read(t.Context(), id, 0)
		require.NoError(t, err)
		require.Len(t, records, int(h.Version))
		for _, r := range records {
			s := fmt.Sprintf("%s/%d=%s", id, r.Seq, r.Data)
			require.True(t, scanned[s], "%s was read but not scanned", s)
			delete(scanned, s)
		}
	}
	require.Empty(t, scanned, "scanned but not read")
	t.Logf("%d kills, %d appends acknowledged", *kills, acknowledged)
}

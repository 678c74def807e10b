package sqlite

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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

var kills = flag.Int("kills", 20, "how often TestKilled kills its writer")

// childEnv makes the test binary a writer on the file that it names.
const childEnv = "CHARTER_SQLITE_WRITER"

func TestMain(m *testing.M) {
	flag.Parse()
	if path := os.Getenv(childEnv); path != "" {
		if err := writeUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

const (
	childWriters = 4
	childCases   = 5 // of each writer
)

// payload is the record that a writer puts at seq, so that whoever reads it knows what it must be.
func payload(name string, seq uint64) string {
	return fmt.Sprintf("%s/%d/%s", name, seq, strings.Repeat("x", int(seq*397%5000)))
}

// attention is the instant that belongs to a version.
func attention(version uint64) time.Time { return time.Unix(0, int64(version)*1_000_000_007).UTC() }

// writeUntilKilled appends to cases of its own with several goroutines, and prints "case version" once an append was acknowledged.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	j, err := Open(ctx, path)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	errs := make(chan error)
	for w := range childWriters {
		go func() {
			errs <- func() error {
				heads := make([]journal.Head, childCases)
				for i := range heads {
					var err error
					if heads[i], _, err = j.Read(ctx, childCase(w, i), 1<<60); err != nil && !errors.Is(err, journal.ErrUnknownCase) {
						return err
					}
				}
				for n := 0; ; n++ {
					i := n % childCases
					h, name := heads[i], childCase(w, i)
					var records [][]byte
					for k := range n%3 + 1 {
						records = append(records, []byte(payload(name, h.Version+uint64(k)+1)))
					}
					h, err := j.Append(ctx, journal.Batch{
						Case: name, Key: fmt.Sprint(h.Rev), Expect: h, Records: records, Next: attention(h.Version + uint64(len(records))),
					})
					if err != nil {
						return err
					}
					heads[i] = h
					// One write, so that the parent sees all of the line or none of it.
					mu.Lock()
					_, err = fmt.Fprintf(os.Stdout, "%s %d\n", name, h.Version)
					mu.Unlock()
					if err != nil {
						return err
					}
				}
			}()
		}()
	}
	return <-errs
}

func childCase(w, i int) string { return fmt.Sprintf("T-%d-%d", w, i) }

// killsAFile keeps what must be read back after each kill from growing without end.
const killsAFile = 20

// TestKilled kills a process with several writers at a random moment, over and over on one file, and requires that everything it had acknowledged is
// there, whole, and that nothing else is half there. It shows that no crash of the process loses anything; that a loss of power does not either
// is synchronous=FULL, which TestEveryConnectionIsDurable asserts.
func TestKilled(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 9))
	var path string
	var acknowledged map[string]uint64
	total := 0
	for cycle := range *kills {
		if cycle%killsAFile == 0 {
			path, acknowledged = file(t), map[string]uint64{}
		}
		total += killOnce(t, path, time.Duration(random.IntN(60_000))*time.Microsecond, acknowledged)
		require.False(t, t.Failed(), "cycle %d", cycle)
		readBack(t, path, acknowledged)
		require.False(t, t.Failed(), "cycle %d", cycle)
		if (cycle+1)%killsAFile == 0 || cycle+1 == *kills {
			sound(t, path)
		}
	}
	t.Logf("%d kills, %d appends acknowledged, none lost", *kills, total)
}

// killOnce runs a writer, kills it a while after its first acknowledgement, and notes what it has acknowledged.
func killOnce(t *testing.T, path string, after time.Duration, acknowledged map[string]uint64) (count int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	var complaint strings.Builder
	child.Stderr = &complaint
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var name string
		var version uint64
		if _, err := fmt.Sscanf(lines.Text(), "%s %d", &name, &version); err != nil {
			continue // a line cut off by the kill was not acknowledged
		}
		if count == 0 {
			time.AfterFunc(after, func() { _ = child.Process.Kill() })
		}
		count++
		acknowledged[name] = max(acknowledged[name], version)
	}
	err = child.Wait()
	require.ErrorContains(t, err, "killed", "%s", complaint.String())
	return count
}

// readBack requires every acknowledged record, and of those that nobody has acknowledged only whole appends.
func readBack(t *testing.T, path string, acknowledged map[string]uint64) {
	t.Helper()
	j, err := Open(t.Context(), path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, j.Close()) }()
	next := map[string]time.Time{}
	for w := range childWriters {
		for i := range childCases {
			name := childCase(w, i)
			head, records, err := j.Read(t.Context(), name, 0)
			if acknowledged[name] == 0 && err != nil {
				require.ErrorIs(t, err, journal.ErrUnknownCase)
				continue
			}
			require.NoError(t, err)
			require.GreaterOrEqual(t, head.Version, acknowledged[name], "%s: an acknowledged append is lost", name)
			require.Len(t, records, int(head.Version), name)
			for k, r := range records {
				require.EqualValues(t, k+1, r.Seq)
				require.Equal(t, payload(name, r.Seq), string(r.Data), name)
			}
			require.Equal(t, attention(head.Version), head.Next, "head and records are of one append")
			next[name] = head.Next

			// The key of the last append gives its answer, and adds nothing.
			again, err := j.Append(t.Context(), journal.Batch{Case: name, Key: fmt.Sprint(head.Rev - 1), Records: [][]byte{[]byte("again")}})
			require.NoError(t, err)
			require.Equal(t, head, again)
			acknowledged[name] = head.Version
		}
	}
	due := map[string]time.Time{}
	for item, err := range j.Due(t.Context(), late) {
		require.NoError(t, err)
		due[item.Case] = item.Next
	}
	require.Equal(t, next, due)
}

package postgres_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

// cluster is a server of a test's own, which can crash and be restored. It listens on a socket in its own folder, so that no port can be taken
// from it.
type cluster struct {
	bin, dir string
	as       *syscall.SysProcAttr // the server refuses to run as root
	uid, gid int
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("no initdb, and in CI there must be one")
		}
		t.Skip("no initdb")
	}
	base, err := os.MkdirTemp("", "charter")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(base)) })
	c := &cluster{bin: filepath.Dir(found[len(found)-1]), dir: filepath.Join(base, "data"), uid: os.Getuid(), gid: os.Getgid()}
	if c.uid == 0 {
		u, err := user.Lookup("postgres")
		require.NoError(t, err)
		c.uid, err = strconv.Atoi(u.Uid)
		require.NoError(t, err)
		c.gid, err = strconv.Atoi(u.Gid)
		require.NoError(t, err)
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(c.uid), Gid: uint32(c.gid)}}
		require.NoError(t, os.Chown(base, c.uid, c.gid))
	}
	c.run(t, "initdb", "-D", c.dir, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8")
	c.start(t)
	t.Cleanup(func() { c.stop(t, "immediate") })
	return c
}

func (c *cluster) run(t *testing.T, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = filepath.Dir(c.dir)
	cmd.SysProcAttr = c.as
	out, err := os.CreateTemp("", "charter") // a pipe would be held by the server that pg_ctl leaves behind
	require.NoError(t, err)
	defer func() { _ = out.Close(); _ = os.Remove(out.Name()) }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		t.Fatalf("%s: %v\n%s", program, err, said)
	}
}

func (c *cluster) start(t *testing.T) {
	t.Helper()
	// Autovacuum would use up transaction ids at moments of its own.
	options := fmt.Sprintf("-c listen_addresses= -c autovacuum=off -k '%s'", filepath.Dir(c.dir))
	c.run(t, "pg_ctl", "-D", c.dir, "-o", options, "-w", "-t", "60", "-l", c.dir+".log", "start")
}

func (c *cluster) stop(t *testing.T, mode string) {
	t.Helper()
	c.run(t, "pg_ctl", "-D", c.dir, "-m", mode, "-w", "stop")
}

// copyTo copies the files of a server that does not run.
func (c *cluster) copyTo(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, os.RemoveAll(to))
	cmd := exec.Command("cp", "-a", from, to)
	cmd.SysProcAttr = c.as
	require.NoError(t, cmd.Run())
}

func (c *cluster) pool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), fmt.Sprintf("host='%s' port=5432 user=postgres dbname=postgres", filepath.Dir(c.dir)))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// A cluster is restored from a copy of its files, so that its transaction ids and serial numbers start again from where they were. The first
// append gets the very turn and place of the record that was lost.
func TestRestoreOfTheWholeCluster(t *testing.T) {
	c := newCluster(t)
	pool := c.pool(t)
	require.NoError(t, postgres.Migrate(t.Context(), pool, ""))
	h := add(t, open(t, pool, ""), "A", journal.Head{}, "1")
	c.stop(t, "fast")
	c.copyTo(t, c.dir, c.dir+".backup")
	c.start(t)

	pool = c.pool(t)
	j := open(t, pool, "")
	_, before := scan(t, j, "")
	add(t, j, "A", h, "lost")
	_, pos := scan(t, j, before)

	c.stop(t, "fast")
	c.copyTo(t, c.dir+".backup", c.dir)
	c.start(t)
	pool = c.pool(t)
	j = open(t, pool, "")
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	h = add(t, j, "A", h, "other")
	_, reborn := scan(t, j, before)
	require.Equal(t, withoutMark(pos), withoutMark(reborn), "the test is about equal turns and places")
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	add(t, j, "A", h, "more")
	assert.ErrorIs(t, scanError(t, j, pos), journal.ErrPosition)
	got, _ := scan(t, j, before)
	assert.Equal(t, []string{"A/2=other", "A/3=more"}, got, "a position from before the copy holds")

	require.NoError(t, postgres.NewEpoch(t.Context(), pool, ""))
	assert.ErrorIs(t, scanError(t, j, before), journal.ErrPosition, "unless the host says otherwise")
}

func withoutMark(p journal.Position) string {
	return string(p[:strings.LastIndex(string(p), ".")])
}

// The server crashes while eight writers append. Whatever it had acknowledged is there when it is back, in order.
func TestServerCrash(t *testing.T) {
	c := newCluster(t)
	require.NoError(t, postgres.Migrate(t.Context(), c.pool(t), ""))
	var pos journal.Position
	scanned := map[string]uint64{}
	for round := range 4 {
		j := open(t, c.pool(t), "")
		acknowledged := make([]uint64, 8)
		var told atomic.Int64
		var group sync.WaitGroup
		for w := range acknowledged {
			group.Go(func() {
				id := fmt.Sprintf("T-%d-%d", round, w)
				var h journal.Head
				for {
					next, err := j.Append(context.Background(), batch(id, h, "x"))
					if err != nil {
						assert.NotErrorIs(t, err, journal.ErrConflict)
						return
					}
					h = next
					acknowledged[w] = h.Version
					told.Add(1)
				}
			})
		}
		require.Eventually(t, func() bool { return told.Load() > 50 }, time.Minute, time.Millisecond)
		c.stop(t, "immediate")
		group.Wait()
		c.start(t)
		j = open(t, c.pool(t), "")
		for r, err := range j.Scan(t.Context(), pos) {
			require.NoError(t, err)
			require.Equal(t, scanned[r.Case]+1, r.Seq)
			scanned[r.Case], pos = r.Seq, r.Pos
		}
		for w, version := range acknowledged {
			id := fmt.Sprintf("T-%d-%d", round, w)
			require.GreaterOrEqual(t, scanned[id], version)
			h, _, err := j.Read(t.Context(), id, version)
			if scanned[id] == 0 {
				require.ErrorIs(t, err, journal.ErrUnknownCase)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, scanned[id], h.Version)
		}
	}
	assert.NotEmpty(t, scanned)
}

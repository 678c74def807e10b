package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

// call is what a client asks of a case.
type call struct {
	caseID string
	read   bool
	key    string
	data   string // empty: a batch without records
	expect journal.Head
}

// answer is what it learns: of a read the head and all records, of an append the new head, or the actual one of a conflict.
type answer struct {
	head     journal.Head
	data     string
	conflict bool
	lost     bool // a conflict whose actual head the server did not tell: nothing has changed, and nothing is known
}

// account is the state of one case in the sequential model: what a journal is, in a dozen lines.
type account struct {
	head journal.Head
	data string
	keys string // "key=version,rev;" of all appends that had one
}

func (a account) step(c call, got answer) (bool, account) {
	if got.lost {
		return true, a
	}
	if c.read {
		return got == answer{head: a.head, data: a.data}, a
	}
	for _, k := range strings.Split(a.keys, ";") {
		if version, seen := strings.CutPrefix(k, c.key+"="); seen && c.key != "" {
			return version == fmt.Sprint(got.head.Version, ",", got.head.Rev) && !got.conflict, a
		}
	}
	if c.expect != a.head {
		return got.conflict && got.head == a.head, a
	}
	a.head.Rev++
	if c.data != "" {
		a.head.Version++
		a.data += c.data + " "
	}
	if c.key != "" {
		a.keys += fmt.Sprint(c.key, "=", a.head.Version, ",", a.head.Rev, ";")
	}
	return got.head == a.head && !got.conflict, a
}

var linear = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byCase := map[string][]porcupine.Operation{}
		for _, op := range history {
			id := op.Input.(call).caseID
			byCase[id] = append(byCase[id], op)
		}
		var parts [][]porcupine.Operation
		for _, part := range byCase {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return account{} },
	Step: func(state, input, output any) (bool, any) {
		return state.(account).step(input.(call), output.(answer))
	},
}

// Eight clients read and append to two cases at once, with heads old and new, with keys given once and twice, alone and inside transactions at
// each isolation level. Whatever they saw can be explained by some order in which the calls took effect one by one.
func TestEightWritersAreLinearizable(t *testing.T) {
	const clients, calls, cases = 8, 60, 2
	j, pool, _ := fresh(t)
	var mu sync.Mutex
	var history []porcupine.Operation
	begin := time.Now()
	var group sync.WaitGroup
	for client := range clients {
		group.Go(func() {
			random := rand.New(rand.NewPCG(3, uint64(client)))
			last := map[string]journal.Head{}
			for n := range calls {
				c := call{caseID: fmt.Sprint("T-", random.IntN(cases))}
				switch c.expect = last[c.caseID]; random.IntN(4) {
				case 0:
					c.read = true
				case 1:
					c.key = fmt.Sprint("k", random.IntN(10*clients))
					fallthrough
				default:
					c.data = fmt.Sprint(client, ".", n)
				}
				if c.expect != (journal.Head{}) && random.IntN(4) == 0 {
					c.data = ""
				}
				op := porcupine.Operation{ClientId: client, Input: c, Call: time.Since(begin).Nanoseconds()}
				got, err := ask(t.Context(), j, pool, c, random.IntN(6))
				if !assert.NoError(t, err) {
					return
				}
				op.Output, op.Return = got, time.Since(begin).Nanoseconds()
				if !got.lost {
					last[c.caseID] = got.head
				}
				mu.Lock()
				history = append(history, op)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	require.Equal(t, clients*calls, len(history), "calls that were answered")
	require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(linear, history, time.Minute))

	kept := 0
	for i := range cases {
		h, _, err := j.Read(t.Context(), fmt.Sprint("T-", i), 0)
		require.NoError(t, err)
		kept += int(h.Rev)
	}
	t.Logf("%d calls, %d appends took effect", len(history), kept)

	// The checker sees what it is meant to see: an append that claims a head which another one has got as well.
	wins := slices.IndexFunc(history, func(op porcupine.Operation) bool {
		c, got := op.Input.(call), op.Output.(answer)
		return !c.read && c.key == "" && !got.conflict
	})
	twice := history[wins]
	twice.ClientId = clients
	require.Equal(t, porcupine.Illegal, porcupine.CheckOperationsTimeout(linear, append(history, twice), time.Minute))
}

// ask makes a call, alone or, for three of the ways, in a transaction of its own.
func ask(ctx context.Context, j *postgres.Journal, pool *pgxpool.Pool, c call, way int) (answer, error) {
	levels := []pgx.TxIsoLevel{pgx.ReadCommitted, pgx.RepeatableRead, pgx.Serializable}
	if c.read || way >= len(levels) {
		got, err := askAlone(ctx, j, c)
		got.lost = false // here it always tells
		return got, err
	}
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: levels[way]})
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	got, err := askAlone(ctx, j.In(tx), c)
	if err != nil || got.conflict {
		return got, err
	}
	err = tx.Commit(ctx)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "40001" {
		// A serializable transaction may learn as late as here that it cannot be put in order with the others.
		return answer{conflict: true, lost: true}, nil
	}
	return got, err
}

func askAlone(ctx context.Context, j journal.Journal, c call) (answer, error) {
	if c.read {
		h, records, err := j.Read(ctx, c.caseID, 0)
		if errors.Is(err, journal.ErrUnknownCase) {
			return answer{}, nil
		}
		got := answer{head: h}
		for _, r := range records {
			got.data += string(r.Data) + " "
		}
		return got, err
	}
	b := journal.Batch{Case: c.caseID, Key: c.key, Expect: c.expect}
	if c.data != "" {
		b.Records = [][]byte{[]byte(c.data)}
	}
	h, err := j.Append(ctx, b)
	var conflict *journal.ConflictError
	if errors.As(err, &conflict) {
		unknown := conflict.Actual == journal.Head{} && c.expect != journal.Head{}
		return answer{head: conflict.Actual, conflict: true, lost: unknown || conflict.Actual == c.expect}, nil
	}
	return answer{head: h}, err
}

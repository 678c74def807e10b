package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
)

// A pooler in front of the server may rule out prepared statements. The journal works in every way in which the driver can send a statement.
func TestEveryExecMode(t *testing.T) {
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol,
	} {
		t.Run(mode.String(), func(t *testing.T) {
			_, first, schema := fresh(t)
			config := first.Config()
			config.ConnConfig.DefaultQueryExecMode = mode
			pool, err := pgxpool.NewWithConfig(t.Context(), config)
			require.NoError(t, err)
			defer pool.Close()
			j := open(t, pool, schema)

			b := batch("T-1", journal.Head{}, `'\x'`, "\x00\xff", "")
			b.Key, b.Next, b.Sum = `'"\`, time.Unix(-1, 1), [32]byte{7}
			h, err := j.Append(t.Context(), b)
			require.NoError(t, err)
			again, err := j.Append(t.Context(), b)
			require.NoError(t, err)
			assert.Equal(t, h, again)
			read, records, err := j.Read(t.Context(), "T-1", 1)
			require.NoError(t, err)
			assert.Equal(t, h, read)
			assert.Len(t, records, 2)
			for i, err := range j.Due(t.Context(), time.Unix(0, 0)) {
				require.NoError(t, err)
				assert.Equal(t, journal.Item{Case: "T-1", Next: b.Next.UTC()}, i)
			}
			h = add(t, j, "T-1", h, "4")
			got, pos := scan(t, j, "")
			assert.Equal(t, []string{`T-1/1='\x'`, "T-1/2=\x00\xff", "T-1/3=", "T-1/4=4"}, got)
			_, err = j.Erase(t.Context(), "T-1", h, []byte("gone"))
			require.NoError(t, err)
			got, _ = scan(t, j, pos)
			assert.Equal(t, []string{"T-1/5=gone"}, got)
		})
	}
}

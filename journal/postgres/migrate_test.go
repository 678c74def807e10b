package postgres_test

import (
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/journal/postgres"
)

func TestOpenNeedsMigrate(t *testing.T) {
	pool, schema := connect(t)
	_, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema})
	assert.Equal(t, &postgres.SchemaError{Schema: schema, Need: 1}, err)
	assert.ErrorIs(t, err, postgres.ErrSchema)
	assert.ErrorContains(t, err, "call Migrate")
	assert.ErrorIs(t, postgres.NewEpoch(t.Context(), pool, schema), postgres.ErrSchema)
}

// Processes that start together migrate once, and again changes nothing.
func TestMigrateTogether(t *testing.T) {
	pool, schema := connect(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { assert.NoError(t, postgres.Migrate(t.Context(), pool, schema)) })
	}
	group.Wait()
	j := open(t, pool, schema)
	add(t, j, "T-1", journal.Head{}, "kept")
	_, pos := scan(t, j, "")
	require.NoError(t, postgres.Migrate(t.Context(), pool, schema))
	got, _ := scan(t, open(t, pool, schema), pos)
	assert.Empty(t, got)
	got, _ = scan(t, j, "")
	assert.Equal(t, []string{"T-1/1=kept"}, got)
}

func TestMigrateInTheHostsTransaction(t *testing.T) {
	pool, schema := connect(t)
	tx := begin(t, pool, pgx.ReadCommitted)
	require.NoError(t, postgres.Migrate(t.Context(), tx, schema))
	require.NoError(t, tx.Rollback(t.Context()))
	_, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema})
	assert.ErrorIs(t, err, postgres.ErrSchema)
}

func TestTablesOfANewerReleaseAreRefused(t *testing.T) {
	_, pool, schema := fresh(t)
	run(t, pool, "insert into "+schema+".migration (version) values (7)")
	want := &postgres.SchemaError{Schema: schema, Have: 7, Need: 1}
	_, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema})
	assert.Equal(t, want, err)
	assert.Equal(t, want, postgres.Migrate(t.Context(), pool, schema))
	assert.Equal(t, want, postgres.NewEpoch(t.Context(), pool, schema))
	assert.ErrorContains(t, err, "newer release")
}

// A migration that fails half-way leaves nothing.
func TestFailedMigrationLeavesNothing(t *testing.T) {
	pool, schema := connect(t)
	run(t, pool, "create schema "+schema)
	run(t, pool, "create table "+schema+".epoch (taken int)")
	assert.ErrorContains(t, postgres.Migrate(t.Context(), pool, schema), "version 1")
	run(t, pool, "drop table "+schema+".epoch")
	assert.NoError(t, postgres.Migrate(t.Context(), pool, schema))
}

func TestAnySchemaName(t *testing.T) {
	for _, name := range []string{`Dr. O'Hara "x"; drop table charter.head; --`, "客服", "charter.", `$1 "charter".`} {
		t.Run(name, func(t *testing.T) {
			pool, schema := connect(t)
			name = schema + name
			t.Cleanup(func() {
				run(t, pool, "drop schema "+pgx.Identifier{name}.Sanitize()+" cascade")
			})
			require.NoError(t, postgres.Migrate(t.Context(), pool, name))
			j := open(t, pool, name)
			h := add(t, j, "T-1", journal.Head{}, "1")
			h = add(t, j, "T-1", h, "2")
			got, _ := scan(t, j, "")
			assert.Equal(t, []string{"T-1/1=1", "T-1/2=2"}, got)
			_, err := j.Erase(t.Context(), "T-1", h, nil)
			require.NoError(t, err)
			require.NoError(t, postgres.NewEpoch(t.Context(), pool, name))
		})
	}
}

func TestUnsafeSessionsAreRefused(t *testing.T) {
	pool, schema := connect(t, "synchronous_commit", "off")
	require.NoError(t, postgres.Migrate(t.Context(), pool, schema))
	_, err := postgres.Open(t.Context(), pool, postgres.Options{Schema: schema})
	assert.ErrorIs(t, err, postgres.ErrUnsafe)
}

// A role without rights to create anything may open and use the journal.
func TestRoleThatOnlyUsesTheTables(t *testing.T) {
	_, pool, schema := fresh(t)
	role := schema + "_role"
	run(t, pool, "create role "+role)
	t.Cleanup(func() { run(t, pool, "drop owned by "+role+"; drop role "+role, pgx.QueryExecModeSimpleProtocol) })
	run(t, pool, "grant usage on schema "+schema+" to "+role)
	run(t, pool, "grant select, insert, update, delete on all tables in schema "+schema+" to "+role)

	limited, _ := connect(t, "role", role)
	j := open(t, limited, schema)
	h := add(t, j, "T-1", journal.Head{}, "1")
	h = add(t, j, "T-1", h, "2")
	_, err := j.Erase(t.Context(), "T-1", h, []byte("gone"))
	require.NoError(t, err)
	got, _ := scan(t, j, "")
	assert.Equal(t, []string{"T-1/3=gone"}, got)
	require.NoError(t, postgres.Migrate(t.Context(), limited, schema))
}

package postgres

import (
	_ "embed"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The statements stand in files of their own, written for the schema charter.
var (
	//go:embed sql/create.sql
	createSQL string
	//go:embed sql/advance.sql
	advanceSQL string
	//go:embed sql/erase.sql
	eraseSQL string
	//go:embed sql/state.sql
	stateSQL string
	//go:embed sql/read.sql
	readSQL string
	//go:embed sql/present.sql
	presentSQL string
	//go:embed sql/scan.sql
	scanSQL string
	//go:embed sql/due.sql
	dueSQL string
	//go:embed sql/lock.sql
	lockSQL string
	//go:embed sql/epoch.sql
	epochSQL string
)

// statements are those of a journal, for its schema.
type statements struct {
	create, advance, erase, state, read, present, scan, due string
}

func prepare(schema string) statements {
	return statements{
		create:  within(schema, createSQL),
		advance: within(schema, advanceSQL),
		erase:   within(schema, eraseSQL),
		state:   within(schema, stateSQL),
		read:    within(schema, readSQL),
		present: within(schema, presentSQL),
		scan:    within(schema, scanSQL),
		due:     within(schema, dueSQL),
	}
}

// within moves a statement to another schema.
func within(schema, sql string) string {
	return strings.ReplaceAll(sql, "charter.", pgx.Identifier{schema}.Sanitize()+".")
}

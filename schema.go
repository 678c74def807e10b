package charter

import _ "embed"

// schemaName is what a handbook names as its schema.
const schemaName = "handbook.schema.json"

//go:embed handbooks/handbook.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the handbook format, for
// editors and other programs. [ParseHandbook] checks more than a schema can:
// dates, calendars, ids that stand twice. The slice is the caller's.
func Schema() []byte { return append([]byte(nil), schema...) }

// Package logfile reads logs of cases from files, for package audit.
//
// # Tables
//
// [Read] takes a table: CSV with any delimiter, in UTF-8, UTF-16 or GB18030, compressed or not. What its columns and words mean is one
// value, a [Mapping]:
//
//	mapping := logfile.Mapping{
//		Case: "number", Time: "updated", Layouts: []string{"2/1/2006 15:04"}, Zone: berlin, Missing: []string{"?"},
//		Activity: "state", States: true, // a row for each update; the state stays until it changes
//		Activities: []logfile.Activity{
//			{Word: "New", Kind: history.Opened},
//			{Word: "Waiting", Kind: history.Held, Fields: history.Of("reason", "customer")},
//			{Word: "Active", After: []string{"Waiting"}, Kind: history.Resumed},
//			{Word: "Active", Kind: history.Accepted},
//			{Word: "Resolved", Kind: history.Resolved},
//		},
//		Attributes: []logfile.Attribute{
//			{Column: "priority", Name: "tier", Values: map[string]string{"P1": "urgent", "P2": "routine"}},
//			{Column: "group", Name: "unit", Kind: history.Dispatched},
//		},
//	}
//
// A table is long, with a row for each thing that happened, or wide, with one for each case and a column for each instant; see
// [Mapping].Instants and [Mapping].Pauses. [Words] takes the words of an attribute from a handbook.
//
// # JSON Lines
//
// [ReadJSONLines] takes entries as package history writes them, one a line with the name of its case.
//
// # Memory
//
// When the rows of a case stand together, one case is held at a time, in memory that the next one uses again. For files in any other order the
// caller sets a budget of bytes; a file that does not fit ends with [ErrBudget] and the line.
//
// # What is wrong with a file
//
// A mapping or header that does not fit, a file that is cut off, and a budget that is used up end the reading; the errors are in errors.go.
// Everything else is an [audit.Finding]: rows of the wrong shape, quotes that are never closed, instants that cannot be read, words
// without a meaning, local times without a zone, skipped or doubled by a change of the clock. A row that is of no use is left out, and the
// next line is read as if nothing had happened.
package logfile

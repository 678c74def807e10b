package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseReadsEveryMutantOfAFile(t *testing.T) {
	list, err := parse("mutants/sum.txt", strings.NewReader(`
# A sum of nothing is nothing.
name: starts-at-one
file: sum/sum.go
test: ./sum ^TestEmpty$
--- old
	total := 0

	# not a comment
+++ new
	total := 1
===

name: drops-a-line
file: sum/sum.go
test: . ^TestX$/^a b$
--- old
	total += v
+++ new
===
`))
	require.NoError(t, err)
	assert.Equal(t, []mutant{
		{at: "mutants/sum.txt:3", name: "starts-at-one", file: "sum/sum.go", pkg: "./sum", test: "^TestEmpty$", old: "\ttotal := 0\n\n\t# not a comment", new: "\ttotal := 1"},
		{at: "mutants/sum.txt:14", name: "drops-a-line", file: "sum/sum.go", pkg: ".", test: "^TestX$/^a b$", old: "\ttotal += v"},
	}, list)
}

func TestParseRefuses(t *testing.T) {
	const head = "name: a\nfile: a.go\ntest: ./a ^TestA$\n"
	for _, c := range []struct{ name, text, want string }{
		{"no snippet", head, `m.txt:3: the last mutant has no line "--- old"`},
		{"no new text", head + "--- old\nx\n", `m.txt:5: the snippet does not end with a line "+++ new"`},
		{"no end", head + "--- old\nx\n+++ new\ny\n", `m.txt:7: the snippet does not end with a line "==="`},
		{"unknown header", "nmae: a\n", `m.txt:1: "nmae: a" is not name:, file:, test: or --- old`},
		{"no name", "file: a.go\ntest: ./a ^TestA$\n--- old\nx\n+++ new\ny\n===\n", `m.txt:1: the name "" is not lower case with dashes`},
		{"no test", "name: a\nfile: a.go\ntest: ./a\n--- old\nx\n+++ new\ny\n===\n", "m.txt:1: no test is named after the package"},
		{"file outside", "name: a\nfile: ../a.go\ntest: ./a ^T$\n--- old\nx\n+++ new\ny\n===\n", `m.txt:1: the file "../a.go" is not a path from the root`},
		{"import path", "name: a\nfile: a.go\ntest: a ^T$\n--- old\nx\n+++ new\ny\n===\n", `m.txt:1: the package "a" is not . or ./ and a path`},
		{"package outside", "name: a\nfile: a.go\ntest: ./../a ^T$\n--- old\nx\n+++ new\ny\n===\n", `m.txt:1: the package "./../a" is not`},
		{"empty old text", head + "--- old\n+++ new\ny\n===\n", "m.txt:1: the old text is empty"},
		{"no change", head + "--- old\ny\n+++ new\ny\n===\n", "m.txt:1: the new text is the old one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := parse("m.txt", strings.NewReader(c.text))
			assert.Empty(t, list)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadDirReportsEveryMistakeOfEveryFile(t *testing.T) {
	dir := t.TempDir()
	const good = "name: a\nfile: a.go\ntest: ./a ^TestA$\n--- old\nx\n+++ new\ny\n===\n"
	write(t, dir, "1.txt", good)
	write(t, dir, "2.txt", good+"name: B\nfile: a.go\ntest: ./a ^TestA$\n--- old\nx\n+++ new\ny\n===\n")
	write(t, dir, "README.md", "not a list")

	_, err := readDir(dir)
	require.Error(t, err)
	assert.ErrorContains(t, err, `2.txt:9: the name "B"`)
	assert.ErrorContains(t, err, `2.txt:1: the name "a" is taken by `)
}

// write puts a file into dir, which it makes.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
}

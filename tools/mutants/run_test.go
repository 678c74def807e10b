package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A checkout small enough to compile in a second: code with a rule, and a limit that it embeds.
var checkout = map[string]string{
	"go.mod": "module example.test/stock\n\ngo 1.26.0\n",
	"limit/limit.go": `package limit

import (
	_ "embed"
	"strings"
)

//go:embed limit.txt
var text string

// Over reports whether a name is longer than the limit.
func Over(name string) bool {
	long := len(name) > len(strings.TrimSpace(text))
	return long
}

// Steps counts down.
func Steps(n int) (steps int) {
	for n > 0 {
		n--
		steps++
	}
	return steps
}
`,
	"limit/limit.txt": "xxxxx\n",
	"limit/limit_test.go": `package limit

import "testing"

func TestOver(t *testing.T) {
	for name, want := range map[string]bool{"four": false, "fives": false, "longer": true} {
		t.Run(name, func(t *testing.T) {
			if Over(name) != want {
				t.Errorf("Over(%q) = %v", name, !want)
			}
		})
	}
}

func TestSteps(t *testing.T) {
	if Steps(3) != 3 {
		t.Error("not 3")
	}
}

func TestNothing(t *testing.T) {}

func TestBroken(t *testing.T) { t.Error("always") }
`,
	"bare/bare.go": "package bare\n\nconst N = 1\n",
}

func TestRunTellsApartWhatBecomesOfAMutant(t *testing.T) {
	root := t.TempDir()
	for name, text := range checkout {
		write(t, root, name, text)
	}
	before := digest(t, root)

	const rule = "long := len(name) > len("
	cases := []struct {
		m   mutant
		how string // it is noticed; or
		err string // a pattern for why it does not pass
	}{
		{mutant{name: "caught", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$", old: rule, new: "long := len(name) >= len("}, "failed", ""},
		{mutant{name: "caught-in-a-subtest", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$/^fives$", old: rule, new: "long := len(name) >= len("}, "failed", ""},
		{mutant{name: "caught-in-embedded-data", file: "limit/limit.txt", pkg: "./limit", test: "^TestOver$", old: "xxxxx", new: "xxxx"}, "failed, alone", ""},
		{mutant{name: "caught-by-a-panic", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$", old: "return long", new: `panic(long)`}, "failed", ""},
		{mutant{name: "caught-by-hanging", file: "limit/limit.go", pkg: "./limit", test: "^TestSteps$", old: "\t\tn--\n", new: ""}, "timed out", ""},
		{mutant{name: "survives", file: "limit/limit.go", pkg: "./limit", test: "^TestNothing$", old: rule, new: "long := len(name) >= len("}, "", `survived: ./limit \^TestNothing\$ passes with the defect`},
		{mutant{name: "survives-in-another-subtest", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$/^four$", old: rule, new: "long := len(name) >= len("}, "", `survived`},
		{mutant{name: "does-not-compile", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$", old: "return long", new: "return"}, "", `(?s)with the defect: ./limit does not compile:.*not enough return values`},
		{mutant{name: "stale", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$", old: "short :=", new: "long :="}, "", `stale: the old text occurs 0 times`},
		{mutant{name: "ambiguous", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$", old: "long", new: "short"}, "", `stale: the old text occurs 3 times`},
		{mutant{name: "file-gone", file: "limit/gone.go", pkg: "./limit", test: "^TestOver$", old: "a", new: "b"}, "", `stale: open .*gone.go`},
		{mutant{name: "no-such-test", file: "limit/limit.go", pkg: "./limit", test: "^TestGone$", old: rule, new: "long := len(name) >= len("}, "", `./limit has no test that \^TestGone\$ matches`},
		{mutant{name: "no-such-subtest", file: "limit/limit.go", pkg: "./limit", test: "^TestOver$/^gone$", old: rule, new: "long := len(name) >= len("}, "", `has no test that`},
		{mutant{name: "no-such-package", file: "limit/limit.go", pkg: "./gone", test: "^TestOver$", old: rule, new: "long := len(name) >= len("}, "", `without the defect: ./gone does not compile`},
		{mutant{name: "no-tests-at-all", file: "bare/bare.go", pkg: "./bare", test: "^TestN$", old: "1", new: "2"}, "", `./bare has no tests`},
		{mutant{name: "fails-without-the-defect", file: "limit/limit.go", pkg: "./limit", test: "^TestBroken$", old: rule, new: "long := len(name) >= len("}, "", `\^TestBroken\$ does not pass without the defect`},
		{mutant{name: "fails-before-the-test", file: "limit/limit.go", pkg: "./limit", test: "^TestNothing$", old: "// Over reports", new: "func init() { panic(1) }\n\n// Over reports"}, "", `with the defect the test is not reached`},
	}
	var list []mutant
	for _, c := range cases {
		list = append(list, c.m)
	}

	// Seventeen programs would be built where three are enough; but what the shared one cannot prove is tried again alone.
	r := &runner{root: root, scratch: t.TempDir(), parallel: 2, patience: 10 * time.Second}
	i := 0
	for res := range r.run(t.Context(), list) {
		want := cases[i]
		i++
		assert.Equal(t, want.m, res.mutant)
		assert.Equal(t, want.how, res.how, want.m.name)
		if want.err == "" {
			assert.NoError(t, res.err, want.m.name)
		} else if assert.Error(t, res.err, want.m.name) {
			assert.Regexp(t, want.err, res.err.Error())
		}
	}
	assert.Equal(t, len(cases), i)
	assert.Equal(t, before, digest(t, root), "the checkout has changed")
}

func TestReportFailsWhenAnyMutantDoes(t *testing.T) {
	caught := result{mutant: mutant{name: "a", at: "m.txt:1", pkg: "./a", test: "^TestA$"}, how: "failed", took: 1500 * time.Millisecond}
	survived := result{mutant: mutant{name: "b", at: "m.txt:9"}, err: errors.New("survived")}

	var out strings.Builder
	assert.True(t, report(&out, slices.Values([]result{caught, caught})))
	assert.Equal(t, "ok    a (1.5s): ./a ^TestA$ failed\nok    a (1.5s): ./a ^TestA$ failed\nmutants: 2 passed, 0 failed\n", out.String())

	out.Reset()
	assert.False(t, report(&out, slices.Values([]result{survived, caught})))
	assert.Equal(t, "FAIL  b (0.0s)\n      m.txt:9: survived\nok    a (1.5s): ./a ^TestA$ failed\nmutants: 1 passed, 1 failed\n", out.String())
}

// digest is every file under root with its text.
func digest(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		all[name] = string(text)
		return err
	}))
	return all
}

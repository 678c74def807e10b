package charter_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/servicecharter/charter"

// The rooms of the house from the ground up. A package may import what stands in a lower row, and what stands in its own room.
// Rooms in one row know nothing of each other. The empty name is the root package.
var floors = [][]string{
	{"sla/calendar"},
	{"history"},
	{"sla"},
	{"quality"},
	{"records"},
	{"ticket", "complaint", "incident"},
	{"journal"},
	{"records/seal"}, // a module of its own: a journal that seals another one
	{""},
	{"handbooks"},
	{"audit"},
	{"sim"},
	{"chartertest"},
	{"examples"},
}

// What the library may import from outside, by prefix. Whatever else a program, a driver or a report needs lives in a module of its own.
var light = []string{
	"github.com/google/uuid",
	"github.com/shopspring/decimal",
	"github.com/stretchr/testify",
	"golang.org/x",
}

func TestImportsPointDown(t *testing.T) {
	for name, file := range sources(t) {
		for _, problem := range slices.Concat(strangers(name, imports(file)), heavy(name, imports(file))) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

func TestLibraryNeitherReadsTheClockNorEndsTheProgram(t *testing.T) {
	for name, file := range sources(t) {
		if room, _ := roomOf(path.Dir(name)); room == "examples" {
			continue
		}
		for _, problem := range forbidden(file) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

// The two tests above are only as good as what they see.
func TestSourcesFindsTheHouse(t *testing.T) {
	var found []string
	for name := range sources(t) {
		found = append(found, name)
	}
	assert.Contains(t, found, "doc.go")
	assert.Contains(t, found, "examples/doc.go")
	assert.NotContains(t, found, "layers_test.go")
	assert.NotContains(t, found, "tools/mutants/main.go")
}

func TestStrangers(t *testing.T) {
	for _, c := range []struct {
		file, imported string
		want           string // empty: allowed
	}{
		{"sla/clock.go", "time", ""},
		{"sla/clock.go", module + "/sla/calendar", ""},
		{"sla/calendar/add.go", module + "/sla", "sla/calendar may not know sla"},
		{"history/entry.go", module + "/sla", "history may not know sla"},
		{"sla/calendar/ical/read.go", module + "/sla/calendar", ""},
		{"sla/calendar/ical/read.go", module + "/history", "sla/calendar may not know history"},
		{"handbook.go", module + "/handbooks", "the root may not know handbooks"},
		{"handbook.go", module + "/quality", ""},
		{"quality/wilson.go", module, "quality may not know the root"},
		{"handbooks/standard.go", module, ""},
		{"handbooks/workdays.go", module + "/sla/calendar", ""},
		{"ticket/ticket.go", module + "/complaint", "ticket may not know complaint"},
		{"audit/run.go", module + "/chartertest", "audit may not know chartertest"},
		{"audit/internal/rows/rows.go", module + "/audit", ""},
		{"examples/audit/main.go", module + "/audit", ""},
		{"records/seal/journal.go", module + "/journal", ""},
		{"records/hold.go", module + "/records/seal", "records may not know records/seal"},
		{"slack/slack.go", module + "/sla", "slack has no room"},
		{"audit/run.go", module + "/elsewhere", "elsewhere has no room"},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		assert.Equal(t, want, strangers(c.file, []string{c.imported}), "%s imports %s", c.file, c.imported)
	}
}

func TestHeavy(t *testing.T) {
	const driver = "modernc.org/sqlite"
	assert.Empty(t, heavy("handbook.go", []string{"time", "database/sql", "github.com/google/uuid", "golang.org/x/exp/rand", module + "/sla"}))
	assert.NotEmpty(t, heavy("handbook.go", []string{driver}))
	assert.NotEmpty(t, heavy("sla/calendar/add.go", []string{"github.com/google/uuidx"}))
	assert.Empty(t, heavy("examples/outbox/main.go", []string{driver}), "a nested module has what it needs")
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		code string
		want []string
	}{
		{`import "time"; var t = time.Unix(0, 0)`, nil},
		{`import "time"; var t = time.Now()`, []string{"time.Now"}},
		{`import "time"; var now = time.Now`, []string{"time.Now"}},
		{`import clock "time"; var t = clock.Since(clock.Time{})`, []string{"time.Since"}},
		{`import "time"; var d = time.Until(time.Time{})`, []string{"time.Until"}},
		{`import "log"; func f() { log.Fatalf("x") }`, []string{"log.Fatalf"}},
		{`import "log"; func f() { log.Panic("x") }`, []string{"log.Panic"}},
		{`import "os"; func f() { os.Exit(1) }`, []string{"os.Exit"}},
		{`import "os"; func f() { os.Getpid() }`, nil},
		{`func f() { panic("x") }`, []string{"panic"}},
		{`type t struct{}; func (t) panic(string) {}; func f() { t{}.panic("x") }`, nil},
		{`func init() {}`, []string{"init"}},
		{`type t struct{}; func (t) init() {}`, nil},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x; "+c.code, 0)
		require.NoError(t, err, c.code)
		assert.Equal(t, c.want, forbidden(file), c.code)
	}
}

// sources yields every file of the workspace that is not a test, by its path from the root. Folders with a go.mod that the
// workspace does not use are no part of it.
func sources(t *testing.T) iter.Seq2[string, *ast.File] {
	t.Helper()
	work, err := os.ReadFile("go.work")
	require.NoError(t, err)
	return func(yield func(string, *ast.File) bool) {
		fset := token.NewFileSet()
		err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			slashed := filepath.ToSlash(name)
			if d.IsDir() {
				base := d.Name()
				if base == "testdata" || base != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
					return filepath.SkipDir
				}
				if base != "." && nested(name) && !slices.Contains(strings.Fields(string(work)), "./"+slashed) {
					return filepath.SkipDir
				}
				return nil
			}
			if !strings.HasSuffix(slashed, ".go") || strings.HasSuffix(slashed, "_test.go") {
				return nil
			}
			file, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				return err
			}
			if !yield(slashed, file) {
				return filepath.SkipAll
			}
			return nil
		})
		assert.NoError(t, err)
	}
}

func nested(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func imports(file *ast.File) []string {
	var paths []string
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// roomOf finds the room and the floor of a package, given by its path from the root. The floor is -1 when it has none.
func roomOf(pkg string) (room string, floor int) {
	if pkg == "." {
		pkg = ""
	}
	floor = -1
	for i, rooms := range floors {
		for _, r := range rooms {
			inside := pkg == r || r != "" && strings.HasPrefix(pkg, r+"/")
			if inside && (floor < 0 || len(r) > len(room)) {
				room, floor = r, i
			}
		}
	}
	return room, floor
}

// strangers lists the imports of a file that its room may not know.
func strangers(name string, paths []string) []string {
	title := func(room string) string {
		if room == "" {
			return "the root"
		}
		return room
	}
	pkg := path.Dir(name)
	room, floor := roomOf(pkg)
	if floor < 0 {
		return []string{pkg + " has no room"}
	}
	var problems []string
	for _, p := range paths {
		rest, ours := strings.CutPrefix(p, module)
		if !ours || rest != "" && rest[0] != '/' {
			continue
		}
		rest = strings.TrimPrefix(rest, "/")
		other, below := roomOf(rest)
		switch {
		case below < 0:
			problems = append(problems, rest+" has no room")
		case below >= floor && other != room:
			problems = append(problems, fmt.Sprintf("%s may not know %s", title(room), title(other)))
		}
	}
	return problems
}

// heavy lists the imports of a file of the root module that would weigh on every user of the library.
func heavy(name string, paths []string) []string {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if nested(filepath.FromSlash(dir)) {
			return nil
		}
	}
	var problems []string
	for _, p := range paths {
		outside := strings.Contains(strings.SplitN(p, "/", 2)[0], ".") && p != module && !strings.HasPrefix(p, module+"/")
		allowed := slices.ContainsFunc(light, func(l string) bool {
			return p == l || strings.HasPrefix(p, l+"/")
		})
		if outside && !allowed {
			problems = append(problems, p+" does not belong in the root module")
		}
	}
	return problems
}

// forbidden lists what a file of the library does that only a program may.
func forbidden(file *ast.File) []string {
	names := map[string]string{} // local name of an import → its path
	for _, spec := range file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		local := path.Base(p)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = p
	}
	found := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok {
				break
			}
			switch call := names[x.Name] + "." + n.Sel.Name; {
			case call == "time.Now", call == "time.Since", call == "time.Until", call == "os.Exit",
				strings.HasPrefix(call, "log.Fatal"), strings.HasPrefix(call, "log.Panic"):
				found[call] = true
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "panic" {
				found["panic"] = true
			}
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				found["init"] = true
			}
		}
		return true
	})
	return slices.Sorted(maps.Keys(found))
}

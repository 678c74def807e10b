package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// To compile and link a test binary takes a hundred times as long as its one test. So the defects that lie within functions are woven
// into one program, each as a second version of its function, and the environment chooses the one that a process has:
//
//	func (c Clock) Due(at time.Time) bool { if mutant__ == "7" { return c.Due__7(at) }
//		// as it is
//	}
//
//	func (c Clock) Due__7(at time.Time) bool {
//		// with the defect
//	}
//
// When the same binary passes the test with none chosen and fails it with this one, it is the defect that the test notices.

// choice is the environment variable that chooses.
const choice = "MUTANT"

// A variant is a defect as a second version of its function.
type variant struct {
	pkg  string // the name in the package clause
	at   int    // the offset of the choice, behind the brace that opens the body
	when string // the choice
	text string // the second version
}

// weave returns the files of the program that holds defects of the list beside the unchanged functions, and which it holds, by index.
// It leaves out those of skip, and those that it cannot hold or find: they are tried alone.
func weave(root string, list []mutant, skip map[int]bool) (files map[string][]byte, holds map[int]bool) {
	files, holds = map[string][]byte{}, map[int]bool{}
	sources, variants := map[string][]byte{}, map[string][]variant{}
	for id, m := range list {
		if skip[id] || path.Ext(m.file) != ".go" || strings.HasSuffix(m.file, "_test.go") {
			continue
		}
		file := filepath.Join(root, filepath.FromSlash(m.file))
		source, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		changed, err := m.apply(source)
		if err != nil {
			continue
		}
		if v, ok := second(id, source, changed); ok {
			sources[file], holds[id] = source, true
			variants[file] = append(variants[file], v)
		}
	}
	for file, list := range variants {
		slices.SortStableFunc(list, func(a, b variant) int { return a.at - b.at })
		source, done := sources[file], 0
		var out bytes.Buffer
		for _, v := range list {
			out.Write(source[done:v.at])
			out.WriteString(v.when)
			done = v.at
		}
		out.Write(source[done:])
		for _, v := range list {
			out.WriteString(v.text)
		}
		files[file] = out.Bytes()
		files[filepath.Join(filepath.Dir(file), "zz_mutant_choice.go")] = fmt.Appendf(nil,
			"package %s\n\nimport \"os\"\n\nvar mutant__ = os.Getenv(%q)\n", list[0].pkg, choice)
	}
	return files, holds
}

// second makes the second version of the function in whose body alone changed differs from source. It reports false when there is none,
// or when calling it could tell more than the defect.
func second(id int, source, changed []byte) (variant, bool) {
	files := token.NewFileSet()
	was, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return variant{}, false
	}
	is, err := parser.ParseFile(files, "", changed, parser.SkipObjectResolution)
	if err != nil || len(is.Decls) != len(was.Decls) {
		return variant{}, false
	}
	offset := func(p token.Pos) int { return files.Position(p).Offset }
	for i, decl := range was.Decls {
		f, ok := decl.(*ast.FuncDecl)
		g, also := is.Decls[i].(*ast.FuncDecl)
		if !ok || !also || f.Body == nil || g.Body == nil {
			continue
		}
		head, end := offset(f.Body.Lbrace)+1, offset(g.End())
		if !bytes.HasPrefix(changed, source[:head]) || !bytes.Equal(source[offset(f.End()):], changed[end:]) {
			continue
		}
		call, ok := forward(f, id)
		if !ok || tells(f) || tells(g) || !keeps(is, was) {
			break
		}
		name := offset(g.Name.End())
		return variant{
			pkg:  was.Name.Name,
			at:   head,
			when: fmt.Sprintf(" if mutant__ == \"%d\" { %s };", id, call), // adds no line
			text: fmt.Sprintf("\n//line %s:1\n%s__%d%s\n", stamp(id), changed[offset(g.Pos()):name], id, changed[name:end]),
		}, true
	}
	return variant{}, false
}

// forward writes the statement by which a function hands over to its second version.
func forward(f *ast.FuncDecl, id int) (string, bool) {
	var call strings.Builder
	if f.Recv != nil {
		names := f.Recv.List[0].Names
		if len(names) == 0 || names[0].Name == "_" {
			return "", false
		}
		call.WriteString(names[0].Name + ".")
	}
	fmt.Fprintf(&call, "%s__%d", f.Name.Name, id)
	if f.Type.TypeParams != nil {
		var params []string
		for _, field := range f.Type.TypeParams.List {
			for _, name := range field.Names {
				params = append(params, name.Name)
			}
		}
		call.WriteString("[" + strings.Join(params, ", ") + "]")
	}
	call.WriteString("(")
	for _, field := range f.Type.Params.List {
		if len(field.Names) == 0 {
			return "", false
		}
		for _, name := range field.Names {
			if name.Name == "_" {
				return "", false
			}
			call.WriteString(name.Name)
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				call.WriteString("...")
			}
			call.WriteString(", ")
		}
	}
	call.WriteString(")")
	if f.Type.Results.NumFields() == 0 {
		return call.String() + "; return", true
	}
	return "return " + call.String(), true
}

// tells reports whether a function could notice that one more stands between it and its caller: it recovers, or looks at the stack.
func tells(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		found = found || ok && slices.Contains([]string{"recover", "Caller", "Callers"}, name.Name)
		return !found
	})
	return found
}

// keeps reports whether every package that a file speaks of is still spoken of in it. Where one is not, the import is left over, and the
// defect does not compile: but its second version would.
func keeps(is, was *ast.File) bool {
	left := qualifiers(is)
	for name := range qualifiers(was) {
		if !left[name] {
			return false
		}
	}
	return true
}

// qualifiers returns the names before a dot.
func qualifiers(f *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				names[x.Name] = true
			}
		}
		return true
	})
	return names
}

// stamp stands where the compiler's errors otherwise name a file.
func stamp(id int) string { return fmt.Sprintf("mutant__%d", id) }

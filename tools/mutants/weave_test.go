package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A package with every form of function that a defect can lie in.
const forms = `package forms

import "strings"

const base = 10

type Pair[A, B any] struct {
	a A
	b B
}

func (p *Pair[A, B]) First() A { return p.a }

func (Pair[A, B]) Arity() int { return 2 }

func Swap[A, B any](p Pair[A, B]) (q Pair[B, A]) {
	q = Pair[B, A]{p.b, p.a}
	return
}

func Sum(start int, terms ...int) int {
	for _, t := range terms {
		start += t
	}
	return start
}

func Sevens(n int, _ string) int { return n * 7 }

func Clear(m map[string]int) {
	clear(m)
}

func Upper(s string) (string, error) {
	if s == "" {
		return "?", nil
	}
	return strings.ToUpper(s), nil
}

func Factorial(n int) int {
	if n == 0 {
		return 1
	}
	return n * Factorial(n-1)
}

func Calm(err *error) {
	if r := recover(); r != nil {
		*err = r.(error)
	}
}

var table = map[string]int{"three": Sum(0, 1, 2)}
`

const formsTest = `package forms

import (
	"errors"
	"testing"
)

func TestForms(t *testing.T) {
	p := Pair[int, string]{1, "x"}
	q := Swap(p)
	m := map[string]int{"a": 1}
	Clear(m)
	up, err := Upper("a")
	none, _ := Upper("")
	var caught error
	func() {
		defer Calm(&caught)
		panic(errors.New("boo"))
	}()
	for name, ok := range map[string]bool{
		"first": p.First() == 1, "arity": p.Arity() == 2, "swap": q.a == "x" && q.b == 1, "sum": Sum(1, 2, 3) == 6,
		"sevens": Sevens(2, "") == 14, "clear": len(m) == 0, "upper": up == "A" && err == nil, "none": none == "?",
		"factorial": Factorial(5) == 120, "calm": caught != nil && caught.Error() == "boo", "base": base == 10, "table": table["three"] == 3,
	} {
		if !ok {
			t.Error(name)
		}
	}
}

func TestClean(t *testing.T) {}
`

func defect(name, old, changed string) mutant {
	return mutant{name: name, file: "forms/forms.go", pkg: "./forms", test: "^TestForms$", old: old, new: changed}
}

func TestSharedProgramHoldsWhatLiesInFunctions(t *testing.T) {
	root := t.TempDir()
	write(t, root, "go.mod", "module example.test/forms\n\ngo 1.26.0\n")
	write(t, root, "forms/forms.go", forms)
	write(t, root, "forms/forms_test.go", formsTest)
	cases := []struct {
		m   mutant
		how string
		err string
	}{
		{defect("method-of-a-generic-type", "return p.a", "var zero A; return zero"), "failed", ""},
		{defect("generic-function", "q = Pair[B, A]{p.b, p.a}", ""), "failed", ""},
		{defect("variadic", "start += t", "start -= t"), "failed", ""},
		{defect("same-function-twice", "return start", "return 0"), "failed", ""},
		{defect("no-result", "\tclear(m)\n", ""), "failed", ""},
		{defect("two-results", `return "?", nil`, `return "!", nil`), "failed", ""},
		{defect("calls-itself", "return 1\n", "return 2\n"), "failed", ""},
		{defect("hangs", "\tclear(m)\n", "\tfor len(m) > 0 {\n\t}\n"), "timed out", ""},
		{defect("no-name-to-forward", "return n * 7", "return n * 8"), "failed, alone", ""},
		{defect("no-receiver-to-call", "return 2 ", "return 3 "), "failed, alone", ""},
		{defect("recovers", "*err = r.(error)", ""), "failed, alone", ""},
		{defect("from-the-brace-on", "Clear(m map[string]int) {", "Clear(m map[string]int) { return"), "failed", ""},
		{defect("constant", "base = 10", "base = 11"), "failed, alone", ""},
		{defect("table", `Sum(0, 1, 2)}`, `Sum(1, 1, 2)}`), "failed, alone", ""},
		{defect("beside-the-body", "(s string) (string, error) {\n\tif s == \"\" {", "(s string) (up string, err error) {\n\tif s != \"\" {"), "failed, alone", ""},
		{defect("leaves-an-import-over", "strings.ToUpper(s)", "s"), "", `(?s)forms.go:3:8: "strings" imported and not used`},
		{defect("does-not-compile", "if n == 0 {", "if n == nil {"), "", `(?s)with the defect: ./forms does not compile:.*forms.go:42:10: invalid operation`},
		{defect("does-not-parse", "return n * Factorial(n-1)", "return }"), "", `with the defect: ./forms does not compile`},
		{defect("survives", "*err = r.(error)", "*err = (r.(error))"), "", "survived"},
		{defect("survives-in-company", "start += t", "start += 1 * t"), "", "survived"},
	}
	var list []mutant
	for _, c := range cases {
		list = append(list, c.m)
	}
	r := &runner{root: root, scratch: t.TempDir(), parallel: 2, patience: 5 * time.Second}
	i := 0
	for res := range r.run(t.Context(), list) {
		want := cases[i]
		i++
		assert.Equal(t, want.how, res.how, "%s: %v", want.m.name, res.err)
		if want.err == "" {
			assert.NoError(t, res.err, want.m.name)
		} else if assert.Error(t, res.err, want.m.name) {
			assert.Regexp(t, want.err, res.err.Error(), want.m.name)
		}
	}
	assert.Equal(t, len(cases), i)
}

// A defect must not move the lines of the others, nor of the code without one.
func TestWovenCodeKeepsItsLines(t *testing.T) {
	root := t.TempDir()
	write(t, root, "forms/forms.go", forms)
	file := filepath.Join(root, "forms", "forms.go")
	list := []mutant{defect("a", "start += t", "start -= t"), defect("b", "return p.a", "var a A; return a"), defect("c", "return start", "return 0")}

	files, holds := weave(root, list, map[int]bool{2: true})
	assert.Equal(t, map[int]bool{0: true, 1: true}, holds)
	require.Len(t, files, 2)
	text, _, ok := strings.Cut(string(files[file]), "\n//line ")
	require.True(t, ok)
	want := strings.Replace(forms, "terms ...int) int {", `terms ...int) int { if mutant__ == "0" { return Sum__0(start, terms..., ) };`, 1)
	want = strings.Replace(want, "First() A {", `First() A { if mutant__ == "1" { return p.First__1() };`, 1)
	assert.Equal(t, want, text)

	left, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, forms, string(left))
}

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A mutant is one defect and the test that must notice it.
type mutant struct {
	at   string // file:line of its name, for messages
	name string
	file string // slash-separated, from the root of the checkout
	pkg  string // "./" and a slash-separated path from the root
	test string // as go test -run takes it
	old  string
	new  string
}

// The lines that frame the two snippets.
const (
	oldMark = "--- old"
	newMark = "+++ new"
	endMark = "==="
)

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// readDir reads every .txt file of dir, in name order. All mistakes of all files are reported together.
func readDir(dir string) ([]mutant, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	var (
		all  []mutant
		errs []error
		seen = map[string]string{}
	)
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		list, err := parse(filepath.Base(dir)+"/"+filepath.Base(name), f)
		f.Close()
		if err != nil {
			errs = append(errs, err)
		}
		for _, m := range list {
			if first, ok := seen[m.name]; ok {
				errs = append(errs, fmt.Errorf("%s: the name %q is taken by %s", m.at, m.name, first))
			}
			seen[m.name] = m.at
		}
		all = append(all, list...)
	}
	return all, errors.Join(errs...)
}

// parse reads one file of mutants. It goes on after a mistake with the next mutant, and joins the errors.
func parse(name string, r io.Reader) ([]mutant, error) {
	var (
		list  []mutant
		errs  []error
		m     mutant
		begun bool
		line  int
	)
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", name, line, fmt.Sprintf(format, args...)))
	}
	in := bufio.NewScanner(r)
	// snippet reads up to the line that ends it, and reports whether there was one.
	snippet := func(end string) (string, bool) {
		var text []string
		for in.Scan() {
			line++
			if in.Text() == end {
				return strings.Join(text, "\n"), true
			}
			text = append(text, in.Text())
		}
		fail("the snippet does not end with a line %q", end)
		return "", false
	}
	for in.Scan() {
		line++
		text := strings.TrimSpace(in.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if !begun {
			m, begun = mutant{at: fmt.Sprintf("%s:%d", name, line)}, true
		}
		if text == oldMark {
			var ok bool
			if m.old, ok = snippet(newMark); !ok {
				break
			}
			if m.new, ok = snippet(endMark); !ok {
				break
			}
			if err := m.check(); err != nil {
				errs = append(errs, err)
			} else {
				list = append(list, m)
			}
			begun = false
			continue
		}
		key, value, _ := strings.Cut(text, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "name":
			m.name = value
		case "file":
			m.file = value
		case "test":
			pkg, test, _ := strings.Cut(value, " ")
			m.pkg, m.test = pkg, strings.TrimSpace(test)
		default:
			fail("%q is not name:, file:, test: or %s", text, oldMark)
		}
	}
	if err := in.Err(); err != nil {
		fail("%v", err)
	} else if begun && len(errs) == 0 {
		fail("the last mutant has no line %q", oldMark)
	}
	return list, errors.Join(errs...)
}

// check reports what a mutant lacks that can be seen without its source.
func (m mutant) check() error {
	var wrong string
	switch {
	case !nameForm.MatchString(m.name):
		wrong = fmt.Sprintf("the name %q is not lower case with dashes", m.name)
	case !fs.ValidPath(m.file):
		wrong = fmt.Sprintf("the file %q is not a path from the root of the checkout", m.file)
	case m.pkg != "." && (!strings.HasPrefix(m.pkg, "./") || !fs.ValidPath(m.pkg[2:])):
		wrong = fmt.Sprintf("the package %q is not . or ./ and a path", m.pkg)
	case m.test == "":
		wrong = "no test is named after the package"
	case m.old == "":
		wrong = "the old text is empty"
	case m.old == m.new:
		wrong = "the new text is the old one"
	default:
		return nil
	}
	return fmt.Errorf("%s: %s", m.at, wrong)
}

// apply puts the defect into the text of its file.
func (m mutant) apply(source []byte) ([]byte, error) {
	if n := bytes.Count(source, []byte(m.old)); n != 1 {
		return nil, fmt.Errorf("stale: the old text occurs %d times in %s, not once", n, m.file)
	}
	return bytes.Replace(source, []byte(m.old), []byte(m.new), 1), nil
}

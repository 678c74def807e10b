package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A runner tries mutants on one checkout.
type runner struct {
	root     string        // of the checkout
	scratch  string        // for binaries, changed files and overlays
	parallel int           // mutants tried at once
	patience time.Duration // the least time that a test with a defect is given

	mu    sync.Mutex
	built map[string]func() (binary, error)           // by package
	clean map[[2]string]func() (time.Duration, error) // by package and test
}

// A binary is a package's compiled tests.
type binary struct {
	path string
	dir  string   // where its tests expect to run
	args []string // that its test framework wants
}

// A result is what became of one mutant.
type result struct {
	mutant mutant
	how    string // it was noticed: "failed" or "timed out"
	err    error  // why it does not pass
	took   time.Duration
}

// run tries every mutant and yields what became of each, in the order of the list.
func (r *runner) run(ctx context.Context, list []mutant) iter.Seq[result] {
	r.built = map[string]func() (binary, error){}
	r.clean = map[[2]string]func() (time.Duration, error){}
	results := make([]chan result, len(list))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	next := make(chan int, len(list))
	for i := range list {
		next <- i
	}
	close(next)
	for range max(1, r.parallel) {
		go func() {
			for i := range next {
				begin := time.Now()
				how, err := r.try(ctx, i, list[i])
				results[i] <- result{list[i], how, err, time.Since(begin)}
			}
		}()
	}
	return func(yield func(result) bool) {
		for _, c := range results {
			if !yield(<-c) {
				return
			}
		}
	}
}

// report writes a line for each result and a closing line, and says whether all mutants pass.
func report(out io.Writer, results iter.Seq[result]) bool {
	passed, failed := 0, 0
	for res := range results {
		m, secs := res.mutant, res.took.Seconds()
		if res.err != nil {
			failed++
			fmt.Fprintf(out, "FAIL  %s (%.1fs)\n      %s: %v\n", m.name, secs, m.at, res.err)
			continue
		}
		passed++
		fmt.Fprintf(out, "ok    %s (%.1fs): %s %s %s\n", m.name, secs, m.pkg, m.test, res.how)
	}
	fmt.Fprintf(out, "mutants: %d passed, %d failed\n", passed, failed)
	return failed == 0
}

// try says how the mutant was noticed, or why it does not pass. The cheapest checks come first.
func (r *runner) try(ctx context.Context, id int, m mutant) (how string, err error) {
	file := filepath.Join(r.root, filepath.FromSlash(m.file))
	source, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("stale: %w", err)
	}
	if n := bytes.Count(source, []byte(m.old)); n != 1 {
		return "", fmt.Errorf("stale: the old text occurs %d times in %s, not once", n, m.file)
	}
	usual, err := r.cleanRun(ctx, m.pkg, m.test)
	if err != nil {
		return "", err
	}
	changed := bytes.Replace(source, []byte(m.old), []byte(m.new), 1)
	overlay, err := r.overlay(id, file, changed)
	if err != nil {
		return "", err
	}
	bin, err := r.compile(ctx, m.pkg, fmt.Sprintf("mutant%d", id), "-overlay", overlay)
	if err != nil {
		return "", fmt.Errorf("with the defect: %w", err)
	}
	defer os.Remove(bin.path) // a hundred test binaries would be a gigabyte
	log, err := r.test(ctx, bin, m.test, max(r.patience, 10*usual))
	switch {
	case err == nil:
		return "", fmt.Errorf("survived: %s %s passes with the defect", m.pkg, m.test)
	case errors.Is(err, context.Canceled):
		return "", err
	case !ran(log, m.test):
		return "", fmt.Errorf("with the defect the test is not reached: %w\n%s", err, tail(log))
	case bytes.Contains(log, []byte("panic: test timed out")) || errors.Is(err, context.DeadlineExceeded):
		return "timed out", nil
	}
	return "failed", nil
}

// overlay writes what the go command wants to read in place of file.
func (r *runner) overlay(id int, file string, changed []byte) (string, error) {
	instead := filepath.Join(r.scratch, fmt.Sprintf("mutant%d-%s", id, filepath.Base(file)))
	if err := os.WriteFile(instead, changed, 0o600); err != nil {
		return "", err
	}
	spec, err := json.Marshal(map[string]any{"Replace": map[string]string{file: instead}})
	if err != nil {
		return "", err
	}
	name := filepath.Join(r.scratch, fmt.Sprintf("mutant%d.json", id))
	return name, os.WriteFile(name, spec, 0o600)
}

// cleanRun runs a test on the unchanged source, once for all mutants that name it, and says how long it took.
func (r *runner) cleanRun(ctx context.Context, pkg, test string) (time.Duration, error) {
	r.mu.Lock()
	build, ok := r.built[pkg]
	if !ok {
		name := fmt.Sprintf("clean%d", len(r.built))
		build = sync.OnceValues(func() (binary, error) { return r.compile(ctx, pkg, name) })
		r.built[pkg] = build
	}
	key := [2]string{pkg, test}
	once, ok := r.clean[key]
	if !ok {
		once = sync.OnceValues(func() (time.Duration, error) {
			bin, err := build()
			if err != nil {
				return 0, fmt.Errorf("without the defect: %w", err)
			}
			begin := time.Now()
			log, err := r.test(ctx, bin, test, 5*time.Minute)
			if err != nil {
				return 0, fmt.Errorf("%s %s does not pass without the defect: %w\n%s", pkg, test, err, tail(log))
			}
			if !ran(log, test) {
				return 0, fmt.Errorf("%s has no test that %s matches", pkg, test)
			}
			return time.Since(begin), nil
		})
		r.clean[key] = once
	}
	r.mu.Unlock()
	return once()
}

// compile builds a package's tests, without vetting them: a defect may well look like one.
func (r *runner) compile(ctx context.Context, pkg, name string, flags ...string) (binary, error) {
	bin := binary{path: filepath.Join(r.scratch, name+".test"), dir: filepath.Join(r.root, filepath.FromSlash(pkg))}
	args := slices.Concat([]string{"test", "-c", "-vet=off", "-o", bin.path}, flags, []string{pkg})
	if out, err := r.goCommand(ctx, args...); err != nil {
		return bin, fmt.Errorf("%s does not compile: %w\n%s", pkg, err, tail(out))
	}
	if _, err := os.Stat(bin.path); err != nil {
		return bin, fmt.Errorf("%s has no tests", pkg)
	}
	deps, err := r.goCommand(ctx, slices.Concat([]string{"list", "-test", "-deps"}, flags, []string{pkg})...)
	if err != nil {
		return bin, fmt.Errorf("go list %s: %w\n%s", pkg, err, tail(deps))
	}
	if slices.Contains(strings.Fields(string(deps)), "pgregory.net/rapid") {
		// A failing property would leave a file in the checkout, search for a smaller case for half a minute, and draw anew each time.
		bin.args = []string{"-rapid.nofailfile", "-rapid.shrinktime=0s", "-rapid.seed=1"}
	}
	return bin, nil
}

// goCommand runs the go command in the checkout, in whose workspace the nested modules can be named too.
func (r *runner) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = r.root
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOWORK=") })
	return cmd.CombinedOutput()
}

// test runs the named test of a binary. Its error is nil exactly when the binary says that all is well.
func (r *runner) test(ctx context.Context, bin binary, test string, limit time.Duration) ([]byte, error) {
	// The binary stops itself first, with a stack; the context is for one that cannot.
	ctx, cancel := context.WithTimeout(ctx, limit+limit/2)
	defer cancel()
	args := append([]string{"-test.v", "-test.paniconexit0", "-test.run=" + test, "-test.timeout=" + limit.String()}, bin.args...)
	cmd := exec.CommandContext(ctx, bin.path, args...)
	cmd.Dir = bin.dir
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return out, err
}

// ran reports whether a test of at least the depth that the pattern names was started.
func ran(log []byte, test string) bool {
	for line := range strings.Lines(string(log)) {
		name, ok := strings.CutPrefix(line, "=== RUN   ")
		if ok && strings.Count(name, "/") >= strings.Count(test, "/") {
			return true
		}
	}
	return false
}

// tail keeps the end of a long log, indented to stand under its mutant's line.
func tail(log []byte) string {
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	lines = lines[max(0, len(lines)-15):]
	return "        " + strings.Join(lines, "\n        ")
}

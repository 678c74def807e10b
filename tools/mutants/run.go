package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
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

	plain  *program
	shared func() (*program, map[int]bool) // the defects that are woven into one program
}

// A program is the checkout as the compiler sees it, with what is known of its tests.
type program struct {
	name    string
	overlay string // what go -overlay reads, or nothing

	mu    sync.Mutex
	built map[string]func() (binary, error)           // by package
	clean map[[2]string]func() (time.Duration, error) // by package and test
}

func newProgram(name, overlay string) *program {
	return &program{
		name:    name,
		overlay: overlay,
		built:   map[string]func() (binary, error){},
		clean:   map[[2]string]func() (time.Duration, error){},
	}
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
	r.plain = newProgram("plain", "")
	r.shared = sync.OnceValues(func() (*program, map[int]bool) { return r.weave(ctx, list) })
	results := make([]chan result, len(list))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	next := make(chan int, len(list))
	for _, i := range mixed(list) {
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

// mixed returns the indexes of the list so that each package's first mutant comes before any second one: they wait for the compiler, and
// should do so for different packages.
func mixed(list []mutant) []int {
	order, rank, count := make([]int, len(list)), make([]int, len(list)), map[string]int{}
	for i, m := range list {
		order[i], rank[i] = i, count[m.pkg]
		count[m.pkg]++
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank[a] - rank[b] })
	return order
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

// try says how the mutant was noticed, or why it does not pass. The cheapest checks come first. What the shared program cannot show is
// shown by a program with this defect alone.
func (r *runner) try(ctx context.Context, id int, m mutant) (how string, err error) {
	file := filepath.Join(r.root, filepath.FromSlash(m.file))
	source, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("stale: %w", err)
	}
	changed, err := m.apply(source)
	if err != nil {
		return "", err
	}
	if shared, holds := r.shared(); holds[id] {
		if how, err := r.choose(ctx, shared, id, m); err == nil {
			return how, nil
		}
	}
	usual, _, err := r.cleanRun(ctx, r.plain, m.pkg, m.test)
	if err != nil {
		return "", err
	}
	overlay, err := r.overlay(fmt.Sprintf("mutant%d", id), map[string][]byte{file: changed})
	if err != nil {
		return "", err
	}
	bin, err := r.compile(ctx, m.pkg, fmt.Sprintf("mutant%d", id), overlay)
	if err != nil {
		return "", fmt.Errorf("with the defect: %w", err)
	}
	defer os.Remove(bin.path) // a hundred test binaries would be a gigabyte
	how, err = r.notice(ctx, bin, m, "", usual)
	if err != nil {
		return "", err
	}
	return how + ", alone", nil
}

// choose tries a mutant in the shared program.
func (r *runner) choose(ctx context.Context, shared *program, id int, m mutant) (how string, err error) {
	usual, bin, err := r.cleanRun(ctx, shared, m.pkg, m.test)
	if err != nil {
		return "", err
	}
	return r.notice(ctx, bin, m, strconv.Itoa(id), usual)
}

// notice runs the mutant's test with the defect, which the binary has or which is chosen in it, and says how it failed.
func (r *runner) notice(ctx context.Context, bin binary, m mutant, chosen string, usual time.Duration) (how string, err error) {
	log, err := r.test(ctx, bin, m.test, chosen, max(r.patience, 10*usual))
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

// weave makes the shared program and says which mutants it holds. It leaves out what the compiler refuses.
func (r *runner) weave(ctx context.Context, list []mutant) (*program, map[int]bool) {
	refused := map[int]bool{}
	for {
		files, holds := weave(r.root, list, refused)
		if len(holds) < 2 {
			return nil, nil // alone is as quick
		}
		overlay, err := r.overlay("shared", files)
		if err != nil {
			return nil, nil
		}
		dirs := map[string]bool{}
		for id := range holds {
			dirs["./"+path.Dir(list[id].file)] = true
		}
		out, err := r.goCommand(ctx, slices.Concat([]string{"build", "-o", os.DevNull, "-overlay", overlay}, slices.Sorted(maps.Keys(dirs)))...)
		if err == nil {
			return newProgram("shared", overlay), holds
		}
		known := len(refused)
		for id := range holds {
			if bytes.Contains(out, []byte(stamp(id)+":")) {
				refused[id] = true
			}
		}
		if len(refused) == known {
			return nil, nil
		}
	}
}

// overlay writes what the go command reads in place of files, and returns the name of the table that says so.
func (r *runner) overlay(name string, files map[string][]byte) (string, error) {
	replace := map[string]string{}
	for file, text := range files {
		instead := filepath.Join(r.scratch, fmt.Sprintf("%s-%d-%s", name, len(replace), filepath.Base(file)))
		if err := os.WriteFile(instead, text, 0o600); err != nil {
			return "", err
		}
		replace[file] = instead
	}
	spec, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	table := filepath.Join(r.scratch, name+".json")
	return table, os.WriteFile(table, spec, 0o600)
}

// cleanRun runs a test of a program without a defect, once for all mutants that name it, and says how long it took.
func (r *runner) cleanRun(ctx context.Context, p *program, pkg, test string) (time.Duration, binary, error) {
	p.mu.Lock()
	build, ok := p.built[pkg]
	if !ok {
		name := fmt.Sprintf("%s%d", p.name, len(p.built))
		build = sync.OnceValues(func() (binary, error) { return r.compile(ctx, pkg, name, p.overlay) })
		p.built[pkg] = build
	}
	key := [2]string{pkg, test}
	once, ok := p.clean[key]
	if !ok {
		once = sync.OnceValues(func() (time.Duration, error) {
			bin, err := build()
			if err != nil {
				return 0, fmt.Errorf("without the defect: %w", err)
			}
			begin := time.Now()
			log, err := r.test(ctx, bin, test, "", 5*time.Minute)
			if err != nil {
				return 0, fmt.Errorf("%s %s does not pass without the defect: %w\n%s", pkg, test, err, tail(log))
			}
			if !ran(log, test) {
				return 0, fmt.Errorf("%s has no test that %s matches", pkg, test)
			}
			return time.Since(begin), nil
		})
		p.clean[key] = once
	}
	p.mu.Unlock()
	usual, err := once()
	if err != nil {
		return 0, binary{}, err
	}
	bin, err := build()
	return usual, bin, err
}

// compile builds a package's tests, without vetting them: a defect may well look like one.
func (r *runner) compile(ctx context.Context, pkg, name, overlay string) (binary, error) {
	bin := binary{path: filepath.Join(r.scratch, name+".test"), dir: filepath.Join(r.root, filepath.FromSlash(pkg))}
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", bin.path}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	if out, err := r.goCommand(ctx, append(args, pkg)...); err != nil {
		return bin, fmt.Errorf("%s does not compile: %w\n%s", pkg, err, tail(out))
	}
	if _, err := os.Stat(bin.path); err != nil {
		return bin, fmt.Errorf("%s has no tests", pkg)
	}
	deps, err := r.goCommand(ctx, "list", "-test", "-deps", pkg)
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

// test runs the named test of a binary, with the defect that is chosen in it. Its error is nil exactly when the binary says that all is well.
func (r *runner) test(ctx context.Context, bin binary, test, chosen string, limit time.Duration) ([]byte, error) {
	// The binary stops itself first, with a stack; the context is for one that cannot.
	ctx, cancel := context.WithTimeout(ctx, limit+limit/2)
	defer cancel()
	args := append([]string{"-test.v", "-test.failfast", "-test.paniconexit0", "-test.run=" + test, "-test.timeout=" + limit.String()}, bin.args...)
	cmd := exec.CommandContext(ctx, bin.path, args...)
	cmd.Dir = bin.dir
	cmd.Env = append(os.Environ(), choice+"="+chosen)
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

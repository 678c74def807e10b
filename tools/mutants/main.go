package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"time"
)

func main() {
	os.Exit(status())
}

func status() int {
	name := flag.String("run", "", "try only mutants whose name matches this `regexp`")
	parallel := flag.Int("p", runtime.NumCPU(), "try so `many` mutants at once")
	flag.Parse()

	root, list, err := load(*name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer os.RemoveAll(scratch)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r := &runner{root: root, scratch: scratch, parallel: *parallel, patience: 20 * time.Second}
	if !report(os.Stdout, r.run(ctx, list)) {
		return 1
	}
	return 0
}

// load finds the checkout and reads those of its mutants whose name matches.
func load(name string) (root string, list []mutant, err error) {
	match, err := regexp.Compile(name)
	if err != nil {
		return "", nil, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", nil, err
	}
	if root, err = findRoot(dir); err != nil {
		return "", nil, err
	}
	if list, err = readDir(filepath.Join(root, "mutants")); err != nil {
		return "", nil, err
	}
	list = slices.DeleteFunc(list, func(m mutant) bool { return !match.MatchString(m.name) })
	if len(list) == 0 {
		return "", nil, errors.New("no mutant to try")
	}
	return root, list, nil
}

// findRoot goes up from dir to the folder that holds the workspace.
func findRoot(dir string) (string, error) {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.work here or above")
		}
		dir = up
	}
}

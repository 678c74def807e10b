package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func Example() {
	dir, err := os.MkdirTemp("", "archive")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	run(context.Background(), os.Stdout, dir)
	// Output:
	// What would be done:
	// T-1: due for review since 2025-03-04T00:00:00+08:00
	// - norms/2.4.2-minimum: at least 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - norms/2.4.2-routine: at least 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - norms/6.3-data-lifecycle: at most 20 years from closed (2020-03-03), until the end of 2040-03-03
	// - norms/2.4.2-routine: at most 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - 2 more to agree
	// T-2: due for review since 2025-03-04T00:00:00+08:00
	// - norms/2.4.2-minimum: at least 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - norms/2.4.2-routine: at least 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - norms/6.3-data-lifecycle: at most 20 years from closed (2020-03-03), until the end of 2040-03-03
	// - norms/2.4.2-routine: at most 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - 2 more to agree
	// T-3: keep
	// - held since 2025-04-01T01:00:00Z: "suit of 2025"
	// - norms/2.4.2-minimum: at least 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - norms/2.4.2-routine: at least 5 years from closed (2020-03-03), until the end of 2025-03-03
	// - norms/6.3-data-lifecycle: at most 20 years from closed (2020-03-03), until the end of 2040-03-03
	// - norms/2.4.2-routine: at most 5 years from closed (2020-03-03), until the end of 2025-03-03
	// T-4: keep until 2034-03-04T00:00:00+08:00
	// - norms/2.4.2-urgent: at least 10 years from closed (2024-03-03), until the end of 2034-03-03
	// - norms/2.4.2-minimum: at least 5 years from closed (2024-03-03), until the end of 2029-03-03
	// - norms/6.3-data-lifecycle: at most 20 years from closed (2024-03-03), until the end of 2044-03-03
	// - norms/2.4.2-urgent: at most 10 years from closed (2024-03-03), until the end of 2034-03-03
	//
	// Who agrees:
	// T-1 A*** G*** agrees: due for review
	// T-1 A*** G*** again: does not count
	// T-1 林* agrees: dispose
	// T-2 林* agrees: due for review
	//
	// What was done:
	// T-1 was disposed of on 2026-04-01 under [norms/2.4.2-minimum norms/2.4.2-routine norms/6.3-data-lifecycle]
	// - agreed: A*** G***
	// - agreed: 林*
	// T-2 stays: due for review
	// T-3 stays: keep
	// T-4 stays: keep
	//
	// The file of T-4, checked without a database:
	// 1 2024-03-03 opened customer [{complexity simple} {customer C-4} {importance normal} {kind ticket} {tier urgent}] [{name H*** M***} {phone 137****7000}]
	// 2 2024-03-03 closed agent [] []
	//
	// The same file when its customer is forgotten:
	// 1 2024-03-03 opened customer [{complexity simple} {customer C-4} {importance normal} {kind ticket} {personal erased} {tier urgent}] []
	// 2 2024-03-03 closed agent [] []
	//
	// The journal as the auditor's checkpoint has it: 4 cases, 1 of them erased, 0 changed
}

// What is personal lies in no file and is not printed, neither of who was forgotten nor of who is still a customer.
func TestNothingPersonalIsLeft(t *testing.T) {
	dir := t.TempDir()
	var printed bytes.Buffer
	run(t.Context(), &printed, dir)
	places := map[string][]byte{"output": printed.Bytes()}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if places[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	for place, content := range places {
		for _, personal := range []string{"王小明", "Li Lei", "欧阳", "Meimei", "13800138000", "13900139000", "62345678", "13700137000"} {
			if bytes.Contains(content, []byte(personal)) {
				t.Errorf("%s holds %s", place, personal)
			}
		}
	}
	if !bytes.Contains(places["cases.db"], []byte("agent-7")) {
		t.Error("cases.db holds no case: the test looks at nothing")
	}
}

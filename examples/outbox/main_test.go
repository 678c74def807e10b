package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

func Example() {
	db, err := sql.Open("sqlite", "file:example?mode=memory&cache=shared")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := run(context.Background(), db); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 06:08  warning     norms/2.1.2-first-response
	// 06:10  breach      norms/2.1.2-first-response
	// 06:48  warning     norms/2.1.3-urgent-response
	// 07:00  breach      norms/2.1.3-urgent-response
	// 07:30  escalation  norms/2.1.3-urgent-response management
	// 07:36  warning     norms/2.1.3-urgent-initial
}

// Old tickets do not flood a host that starts: what fell due before the
// cut-over is never written, a second run writes nothing again, and a ticket
// without any deadline left is not looked at any more.
func TestCutoverAndRepetition(t *testing.T) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "host.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	handbook, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC)
	for i := range 50 {
		opened := now.Add(-time.Duration(i) * time.Hour).UnixMicro()
		if _, err := db.ExecContext(ctx, `insert into ticket values (?, 'urgent', ?, null, null, null, ?)`, fmt.Sprint("T-", i), opened, opened); err != nil {
			t.Fatal(err)
		}
	}
	count := func() (n int) {
		if err := db.QueryRowContext(ctx, `select count(*) from outbox`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := tick(ctx, db, handbook, now, now); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 0 {
		t.Fatalf("%d notices from before the cut-over", n)
	}
	// Three days and an hour on, every ticket has passed its last limit.
	for range 2 {
		if err := tick(ctx, db, handbook, now.Add(73*time.Hour), now); err != nil {
			t.Fatal(err)
		}
	}
	first := count()
	if first == 0 {
		t.Fatal("no notices after the cut-over")
	}
	if _, err := db.ExecContext(ctx, `update ticket set attention = 0`); err != nil {
		t.Fatal(err)
	}
	if err := tick(ctx, db, handbook, now.Add(73*time.Hour), now); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != first {
		t.Fatalf("%d notices, and %d when asked again", first, n)
	}
	var left int
	if err := db.QueryRowContext(ctx, `select count(*) from ticket where attention is not null`).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if left != 0 {
		t.Fatalf("%d tickets without a deadline ahead are still looked at", left)
	}
}

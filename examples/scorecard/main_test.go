package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

func Example() {
	if err := run(os.Stdout, "en"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 
}

func Example_chinese() {
	if err := run(os.Stdout, "zh"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 
}

// What the histories hold of customers is nowhere in the report.
func TestReportIsMasked(t *testing.T) {
	var b bytes.Buffer
	if err := run(&b, "en"); err != nil {
		t.Fatal(err)
	}
	for _, name := range customers {
		if strings.Contains(b.String(), name) {
			t.Errorf("the report names %s", name)
		}
	}
	if strings.Contains(b.String(), "1380013") || strings.Count(b.String(), "138****800") != 2 {
		t.Error("the report shows a number, or none at all")
	}
}

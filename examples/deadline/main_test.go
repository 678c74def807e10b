package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func shanghai(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("CST", 8*3600))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A routine ticket of the last afternoon before National Day 2025: the holiday
// lasts to 8 October, and Saturday the 11th is worked instead.
func TestPageOverAHoliday(t *testing.T) {
	handbook, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time { return shanghai(t, text) }
	find := func(id string) (Ticket, bool) {
		return Ticket{
			ID: id, Tier: "routine", Created: at("2025-09-30 16:00"), Accepted: at("2025-09-30 16:05"), FirstReply: at("2025-09-30 16:08"),
		}, id == "T-1"
	}
	mux := http.NewServeMux()
	now := at("2025-10-09 10:00")
	mux.Handle("GET /tickets/{id}", handler(handbook, find, func() time.Time { return now }))
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		body, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.Code, string(body)
	}
	code, body := get("/tickets/T-1")
	if code != http.StatusOK {
		t.Fatal(code, body)
	}
	// 24 business hours from Tuesday 16:05 are three days of eight: Thursday,
	// Friday and the make-up Saturday, at the same time of day.
	for _, want := range []string{"norms/2.1.3-routine-initial", "due Sat 11 Oct 16:05 (running", "holiday 国庆节", "普通工单", `"ticking":true`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if code, _ = get("/tickets/none"); code != http.StatusNotFound {
		t.Error(code)
	}
}

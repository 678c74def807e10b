package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// trial is the help desk on a file, with a clock that the test moves.
type trial struct {
	*testing.T
	server *server
	pages  http.Handler
	now    *atomic.Int64
}

// start opens the desk on a file at an instant. Who opens a file a second time
// without closing the first desk does what a killed process would.
func start(t *testing.T, path, at string) *trial {
	t.Helper()
	var now atomic.Int64
	d := &trial{T: t, now: &now}
	d.at(at)
	s, err := open(t.Context(), path, setting{speed: 1, clock: func(time.Time) func() time.Time {
		return func() time.Time { return time.Unix(0, now.Load()) }
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	d.server, d.pages = s, s.handler()
	return d
}

// at moves the clock to an instant in Shanghai.
func (d *trial) at(text string) {
	d.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, time.FixedZone("CST", 8*3600))
	if err != nil {
		d.Fatal(err)
	}
	d.now.Store(at.UnixNano())
}

func (d *trial) tick() {
	d.Helper()
	if _, err := d.server.desk.Tick(context.Background()); err != nil {
		d.Fatal(err)
	}
}

func (d *trial) send(r *http.Request) (int, string) {
	d.Helper()
	w := httptest.NewRecorder()
	d.pages.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Body)
	if err != nil {
		d.Fatal(err)
	}
	return w.Code, string(body)
}

func (d *trial) get(path string) (int, string) {
	d.Helper()
	return d.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (d *trial) post(path string, keysAndValues ...string) (int, string) {
	d.Helper()
	form := url.Values{}
	for i := 0; i < len(keysAndValues); i += 2 {
		form.Set(keysAndValues[i], keysAndValues[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.send(r)
}

// done posts a form that must be taken.
func (d *trial) done(path string, keysAndValues ...string) {
	d.Helper()
	if code, body := d.post(path, keysAndValues...); code != http.StatusSeeOther {
		d.Fatalf("%s: %d %s", path, code, body)
	}
}

func (d *trial) open(id, tier string) {
	d.Helper()
	d.done("/tickets/"+id, "subject", "Printer on fire", "tier", tier, "complexity", "simple", "request", "fault", "name", "Wang", "text", "It <burns>")
}

// shows fails the test unless a page has all texts.
func (d *trial) shows(path string, texts ...string) {
	d.Helper()
	code, body := d.get(path)
	if code != http.StatusOK {
		d.Fatal(code, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			d.Errorf("no %q in %s\n%s", text, path, body)
		}
	}
}

func (d *trial) hides(path string, texts ...string) {
	d.Helper()
	_, body := d.get(path)
	for _, text := range texts {
		if strings.Contains(body, text) {
			d.Errorf("%q in %s\n%s", text, path, body)
		}
	}
}

// Tuesday 30 September 2025 is the last working day before National Day.
const opening = "2025-09-30 16:00:00"

func TestDeadlinesBreachAndRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	d := start(t, path, opening)
	d.open("T-1", "urgent")
	// Ten minutes by the clock for the first response; two office hours for
	// the first handling, which are just left; 24 of them go on after the
	// holiday, to Saturday 11 October, which is worked.
	d.shows("/tickets/T-1", "Tue 30 Sep 16:10:00", `data-left="600000" data-ticking="true"`, "Tue 30 Sep 18:00:00", "Sat 11 Oct 16:00:00",
		"holiday 国庆节", "计时中", "It &lt;burns&gt;", "action=\"/tickets/T-1/reply\"")
	d.shows("/", "Printer on fire", "T-1", "暂无通知")

	d.at("2025-09-30 16:08:00")
	d.tick()
	d.shows("/tickets/T-1", "warning 预警", `data-left="120000"`)
	d.hides("/tickets/T-1", "breach 超时")

	// Nobody ticks for a while, and what fell due carries the clause's instant.
	d.at("2025-09-30 16:25:00")
	d.tick()
	d.shows("/tickets/T-1", "breach 超时", "escalation 升级 → supervisor 主管", "Tue 30 Sep 16:10:00 · norms/2.1.2-first-response", `data-left="-900000"`)
	d.hides("/tickets/T-1", "management")
	d.shows("/", `class="notice breach"`)

	// The first process is gone without a word. The second one finds the
	// ticket, the notices told and those to come; nothing is told twice.
	d = start(t, path, "2025-09-30 16:45:00")
	d.shows("/", "Printer on fire", `class="notice breach"`)
	d.tick()
	d.tick()
	d.shows("/tickets/T-1", "escalation 升级 → management 高级管理层")
	_, body := d.get("/")
	for _, text := range []string{`class="notice warning"`, `class="notice breach"`} {
		if n := strings.Count(body, text); n != 1 {
			t.Errorf("%s: %d times\n%s", text, n, body)
		}
	}
}

func TestStepsOfATicket(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	d.open("T-1", "routine")
	d.open("T-1", "routine") // the form was sent twice
	d.at("2025-09-30 16:05:00")
	d.done("/tickets/T-1/accept")
	d.done("/tickets/T-1/reply", "text", "We are on our way.", "key", "k1")
	d.done("/tickets/T-1/reply", "text", "We are on our way.", "key", "k1")
	d.shows("/tickets/T-1", "We are on our way.", "已达标")
	if _, body := d.get("/tickets/T-1"); strings.Count(body, "<blockquote>We are on our way.") != 1 {
		t.Error("a form sent twice is recorded once", body)
	}

	// Waiting for the customer stops the clocks of the work: their deadlines
	// move by the office hour that passes.
	d.shows("/tickets/T-1", "Sat 11 Oct 16:05:00")
	d.at("2025-09-30 16:10:00")
	d.done("/tickets/T-1/hold", "reason", "customer")
	d.shows("/tickets/T-1", "已暂停", "not ticking", "action=\"/tickets/T-1/resume\"")
	d.hides("/tickets/T-1", "action=\"/tickets/T-1/hold\"", "action=\"/tickets/T-1/accept\"", "action=\"/tickets/T-1/close\"")
	d.at("2025-09-30 17:10:00")
	d.done("/tickets/T-1/resume")
	d.shows("/tickets/T-1", "Sat 11 Oct 17:05:00")

	d.done("/tickets/T-1/handle")
	d.done("/tickets/T-1/resolve", "text", "A new printer.")
	d.done("/tickets/T-1/close")
	d.shows("/tickets/T-1", "已结案", "A new printer.", "action=\"/tickets/T-1/reopen\"")
	d.shows("/", "nothing is owed")
	d.done("/tickets/T-1/reopen", "text", "It burns again.")
	d.shows("/tickets/T-1", "处理中", "It burns again.")
	// Long after, nothing was told of what had been done in time.
	d.at("2025-09-30 17:30:00")
	d.tick()
	d.shows("/", "暂无通知")
}

func TestRefusals(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	d.open("T-1", "urgent")
	d.done("/tickets/T-1/accept")
	for _, c := range []struct {
		path, key, value string
		code             int
		text             string
	}{
		{"/tickets/T-1/close", "", "", http.StatusUnprocessableEntity, "T-1"},
		{"/tickets/T-1/resume", "", "", http.StatusUnprocessableEntity, "T-1"},
		{"/tickets/T-1/hold", "reason", "", http.StatusUnprocessableEntity, "reason"},
		{"/tickets/T-1/resolve", "text", "", http.StatusUnprocessableEntity, "result"},
		{"/tickets/T-1/dance", "", "", http.StatusUnprocessableEntity, "dance"},
		{"/tickets/T-9/reply", "text", "Hello?", http.StatusNotFound, "T-9"},
		{"/tickets/T%0A1", "subject", "x", http.StatusBadRequest, "control"},
		{"/tickets/T-2", "tier", "unheard of", http.StatusUnprocessableEntity, "tier"},
		{"/tickets/T-2", "text", strings.Repeat("x", 70<<10), http.StatusRequestEntityTooLarge, "large"},
	} {
		code, body := d.post(c.path, c.key, c.value)
		if code != c.code || !strings.Contains(body, c.text) {
			t.Errorf("%s: %d %s", c.path, code, body)
		}
	}
	if code, _ := d.get("/tickets/T-9"); code != http.StatusNotFound {
		t.Error(code)
	}
	foreign := httptest.NewRequest(http.MethodPost, "/tickets/T-1/reply", strings.NewReader("text=x"))
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	if code, _ := d.send(foreign); code != http.StatusForbidden {
		t.Error(code)
	}
	_, body := d.get("/tickets/T-1")
	if n := strings.Count(body, "<li>"); n != 2 {
		t.Errorf("refused steps leave no trace: %d entries\n%s", n, body)
	}
}

// The most urgent ticket comes first, what is over last.
func TestList(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	d.open("T-2", "urgent")
	d.done("/tickets/T-2/accept")
	d.done("/tickets/T-2/resolve", "text", "done")
	d.done("/tickets/T-2/close")
	d.at("2025-09-30 16:01:00")
	d.open("T-3", "routine")
	d.at("2025-09-30 16:02:00")
	d.open("T-1", "routine")
	_, body := d.get("/")
	last := -1
	for _, id := range []string{"T-3", "T-1", "T-2"} {
		at := strings.Index(body, fmt.Sprintf(`href="/tickets/%s"><b>`, id))
		if at <= last {
			t.Errorf("%s at %d after %d\n%s", id, at, last, body)
		}
		last = at
	}
}

// A clock goes on from the last instant on record, however fast it was.
func TestClock(t *testing.T) {
	ahead := time.Now().Add(24 * time.Hour).Truncate(time.Millisecond)
	now := from(60)(ahead)
	if first := now(); first.Before(ahead) || now().Before(first) {
		t.Error(first)
	}
	if behind := from(1)(time.Time{})(); behind.After(ahead) {
		t.Error(behind)
	}
}

// The whole program, at a speed at which ten minutes pass in a moment: a breach
// turns up while nobody does anything, and the program ends when it is told to.
func TestServe(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, filepath.Join(t.TempDir(), "desk.db"), 6000) }()

	site := "http://" + listener.Addr().String()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.PostForm(site+"/tickets/T-1", url.Values{"subject": {"Printer on fire"}, "tier": {"urgent"}})
	if err != nil {
		t.Fatal(err)
	}
	for looks := 0; ; looks++ {
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || looks == 1000 {
			t.Fatal(err, answer.Status, string(body))
		}
		if strings.Contains(string(body), "breach 超时") {
			break
		}
		time.Sleep(20 * time.Millisecond)
		if answer, err = client.Get(site + "/"); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

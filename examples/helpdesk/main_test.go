package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// trial is the help desk on a file, with a clock that the test moves.
type trial struct {
	*testing.T
	helpdesk *helpdesk
	pages    http.Handler
	now      *atomic.Int64
}

// start opens the desk on a file at an instant. Who opens a file a second time
// without closing the first desk does what a killed process would.
func start(t *testing.T, path, at string) *trial {
	t.Helper()
	var now atomic.Int64
	d := &trial{T: t, now: &now}
	d.at(at)
	desk, err := open(t.Context(), path, 10*time.Minute, func() time.Time { return time.Unix(0, now.Load()) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { desk.journal.Close() })
	d.helpdesk, d.pages = desk, desk.handler()
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
	if _, err := d.helpdesk.desk.Tick(context.Background()); err != nil {
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
	d.done("/"+id+"/open", "key", "open", "subject", "Printer on fire", "tier", tier, "complexity", "simple", "request", "fault", "name", "Wang", "text", "It <burns>")
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
	d.shows("/T-1", "Tue 30 Sep 16:10:00", `data-left="600000" data-ticking="true"`, "Tue 30 Sep 18:00:00", "Sat 11 Oct 16:00:00",
		"holiday 国庆节", "running", "It &lt;burns&gt;", `action="/T-1/reply?lang=en"`)
	d.shows("/T-1?lang=zh", "10月11日 16:00:00", "节假日 国庆节", "计时中", "客户提出诉求之后10分钟以内")
	d.shows("/", "Printer on fire", "T-1", "Nothing is overdue")

	d.at("2025-09-30 16:08:00")
	d.tick()
	d.shows("/T-1", `class="notice warning"`, `data-left="120000"`)
	d.hides("/T-1", `class="notice breach"`)

	// Nobody ticks for a while, and what fell due carries the clause's instant.
	d.at("2025-09-30 16:25:00")
	d.tick()
	d.shows("/T-1", `class="notice breach"`, "escalation → supervisor", "T-1 · Tue 30 Sep 16:10:00", `data-left="-900000"`)
	d.shows("/?lang=zh", "超时", "升级 → 主管")

	// The first process is gone without a word. The second one finds the
	// ticket and the notices; nothing is told twice.
	d = start(t, path, "2025-09-30 16:45:00")
	d.tick()
	d.tick()
	_, body := d.get("/")
	for _, kind := range []string{"warning", "breach", "escalation"} {
		if n := strings.Count(body, `class="notice `+kind); n != 1 {
			t.Errorf("%s: %d times\n%s", kind, n, body)
		}
	}
}

func TestStepsOfATicket(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	d.open("T-1", "routine")
	d.open("T-1", "routine") // the form was sent twice
	d.at("2025-09-30 16:05:00")
	d.done("/T-1/accept")
	d.done("/T-1/reply", "text", "We are on our way.", "key", "k1")
	d.done("/T-1/reply", "text", "We are on our way.", "key", "k1")
	d.shows("/T-1", "We are on our way.", "met")
	if _, body := d.get("/T-1"); strings.Count(body, "<blockquote>We are on our way.") != 1 {
		t.Error("a form sent twice is recorded once", body)
	}

	// Waiting for the customer stops the clocks of the work: their deadlines
	// move by the office hour that passes.
	d.shows("/T-1", "Sat 11 Oct 16:05:00")
	d.at("2025-09-30 16:10:00")
	d.done("/T-1/hold")
	d.shows("/T-1", "paused", `data-ticking="false"`, "/T-1/resume")
	d.hides("/T-1", "/T-1/hold", "/T-1/accept", "/T-1/close")
	d.at("2025-09-30 17:10:00")
	d.done("/T-1/resume")
	d.shows("/T-1", "Sat 11 Oct 17:05:00")

	d.done("/T-1/handle")
	d.done("/T-1/resolve", "text", "A new printer.")
	d.done("/T-1/close")
	d.shows("/T-1", "closed", "A new printer.", "/T-1/reopen")
	d.shows("/", "nothing is owed")
	d.done("/T-1/reopen", "text", "It burns again.")
	d.shows("/T-1?lang=zh", "处理中", "It burns again.")
	// Long after, nothing was told of what had been done in time.
	d.at("2025-09-30 17:30:00")
	d.tick()
	d.shows("/?lang=zh", "暂无通知")
}

func TestRefusals(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	d.open("T-1", "urgent")
	d.done("/T-1/accept")
	for _, c := range []struct {
		path, key, value string
		code             int
		text             string
	}{
		{"/T-1/close", "", "", http.StatusUnprocessableEntity, "T-1"},
		{"/T-1/resume", "", "", http.StatusUnprocessableEntity, "T-1"},
		{"/T-1/resolve", "text", "", http.StatusUnprocessableEntity, "result"},
		{"/T-1/accept", "", "", http.StatusUnprocessableEntity, "order"},
		{"/T-1/open", "subject", "again", http.StatusUnprocessableEntity, "T-1"},
		{"/T-1/dance", "", "", http.StatusUnprocessableEntity, "dance"},
		{"/T-9/reply", "text", "Hello?", http.StatusUnprocessableEntity, "T-9"},
		{"/T%0A1/open", "subject", "x", http.StatusUnprocessableEntity, "control"},
		{"/T-2/open", "tier", "unheard of", http.StatusUnprocessableEntity, "tier"},
		{"/T-2/open", "text", strings.Repeat("x", 70<<10), http.StatusBadRequest, "large"},
	} {
		code, body := d.post(c.path, c.key, c.value)
		if code != c.code || !strings.Contains(body, c.text) {
			t.Errorf("%s: %d %s", c.path, code, body)
		}
	}
	if code, _ := d.get("/T-9"); code != http.StatusNotFound {
		t.Error(code)
	}
	foreign := httptest.NewRequest(http.MethodPost, "/T-1/reply", strings.NewReader("text=x"))
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	if code, _ := d.send(foreign); code != http.StatusForbidden {
		t.Error(code)
	}
	_, body := d.get("/T-1")
	if n := strings.Count(body, "<li>"); n != 3 {
		t.Errorf("refused steps leave no trace: %d entries\n%s", n, body)
	}
}

// The ticket that is due next comes first, what is over last.
func TestList(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	d.open("T-2", "urgent")
	for _, step := range []string{"accept", "resolve", "close"} {
		d.done("/T-2/"+step, "text", "done")
	}
	d.at("2025-09-30 16:01:00")
	d.open("T-3", "routine")
	d.at("2025-09-30 16:02:00")
	d.open("T-1", "routine")
	_, body := d.get("/")
	last := -1
	for _, id := range []string{"T-3", "T-1", "T-2"} {
		at := strings.Index(body, fmt.Sprintf(`href="/%s?lang=en"`, id))
		if at <= last {
			t.Errorf("%s at %d after %d\n%s", id, at, last, body)
		}
		last = at
	}
}

func TestLanguage(t *testing.T) {
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	for _, c := range []struct{ path, accept, want string }{
		{"/", "", "en"}, {"/", "zh-CN,zh;q=0.9,en;q=0.8", "zh"}, {"/", "zh,en", "zh"}, {"/", "de,zh", "en"}, {"/?lang=zh", "en", "zh"}, {"/?lang=en", "zh", "en"},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.accept)
		if _, body := d.send(r); !strings.Contains(body, `<html lang="`+c.want+`">`) {
			t.Errorf("%s %q is not %s", c.path, c.accept, c.want)
		}
	}
}

// child makes the test binary the program itself, on the database that it names.
const child = "HELPDESK_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(child); path != "" {
		if err := run(context.Background(), "127.0.0.1:0", path, 2*time.Second); err != nil {
			log.Fatal(err)
		}
	}
	os.Exit(m.Run())
}

// process starts the program and gives its address, and what kills it.
func process(t *testing.T, path string) (site string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), child+"="+path)
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(kill)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return "http://" + address, kill
		}
		t.Log(lines.Text())
	}
	t.Fatal("the program has not come up")
	return "", nil
}

// The whole program is killed right after it has opened a ticket. The next one
// tells of the breach by itself, and once.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	look := func(answer *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(err, answer.Status, string(body))
		}
		return string(body)
	}
	site, kill := process(t, path)
	look(client.PostForm(site+"/T-1/open", url.Values{"key": {"open"}, "subject": {"Printer on fire"}, "tier": {"urgent"}}))
	kill()
	site, _ = process(t, path)
	for looks := 0; !strings.Contains(look(client.Get(site)), `class="notice breach"`); looks++ {
		if looks == 2000 {
			t.Fatal("no breach turns up")
		}
		time.Sleep(50 * time.Millisecond)
	}
	for range 2 {
		var kill func()
		site, kill = process(t, path)
		body := look(client.Get(site))
		kill()
		if n := strings.Count(body, `class="notice breach"`); n != 1 || !strings.Contains(body, "Printer on fire") {
			t.Errorf("%d breaches\n%s", n, body)
		}
	}
}

package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// visitor opens a ticket by the form, as a person would, stays on the page
// that follows, and writes down what the page says.
const visitor = `<!doctype html><meta charset="utf-8"><iframe id="f" src="/?lang=zh"></iframe><pre id="count"></pre><pre id="board"></pre><script>
let first = true;
f.onload = () => {
  const form = f.contentDocument.querySelector("form.open");
  if (!first) return;
  first = false;
  form.subject.value = "Printer on fire";
  form.tier.value = "urgent";
  form.querySelector("button").click();
};
setInterval(() => {
  const d = f.contentDocument, c = d.querySelector(".first .count");
  if (c && !count.textContent.includes(c.textContent)) count.textContent += c.textContent + "\n";
  board.textContent = d.querySelector("#board").textContent;
}, 250);
</script>`

// A ticket opened in a browser counts down on its page; then the clock moves
// on, and the breach turns up on that page by itself.
func TestBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("there is no chromium here, and in CI there must be")
	case err != nil:
		t.Skip("there is no chromium here")
	}
	d := start(t, filepath.Join(t.TempDir(), "desk.db"), opening)
	var looks atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("GET /visitor", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(visitor))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		// The page is there at the first look, and looks again by itself.
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/T-") && looks.Add(1) == 3 {
			d.at("2025-09-30 16:12:00")
			if _, err := d.helpdesk.desk.Tick(r.Context()); err != nil {
				t.Error(err)
			}
		}
		d.pages.ServeHTTP(w, r)
	})
	web := httptest.NewServer(mux)
	defer web.Close()

	// Not t.TempDir: helpers of the browser may write there a while longer.
	profile, err := os.MkdirTemp("", "helpdesk")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	// The browser's own time jumps ahead whenever nothing is loading, so that
	// half a minute of it takes as long as thirty looks: three would do, but a
	// loaded machine may spend some on the way.
	browser := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+profile,
		"--virtual-time-budget=30000", "--dump-dom", web.URL+"/visitor")
	browser.Env = append(os.Environ(), "HOME="+profile)
	var said bytes.Buffer
	browser.Stderr = &said
	dom, err := browser.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.String())
	}
	for _, want := range []string{"00:09:5", "+00:02:0", "超时", "升级 → 主管", "客户提出诉求之后10分钟以内"} {
		if !strings.Contains(string(dom), want) {
			t.Errorf("no %q after %d looks in\n%s\n%s", want, looks.Load(), dom, said.String())
		}
	}
}

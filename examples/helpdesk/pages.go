package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/servicecharter/charter"
	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/journal"
	"github.com/servicecharter/charter/sla"
	"github.com/servicecharter/charter/ticket"
)

//go:embed pages
var files embed.FS

var pages = template.Must(template.New("").ParseFS(files, "pages/*.html"))

// handler serves the pages. Forms of other sites are refused.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /pages/", http.FileServerFS(files))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, "list.html", "", s.overview)
	})
	mux.HandleFunc("GET /tickets/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, "ticket.html", r.PathValue("id"), s.ticket)
	})
	mux.HandleFunc("POST /tickets/{id}", func(w http.ResponseWriter, r *http.Request) {
		err := form(w, r)
		if err == nil {
			_, err = s.begin(r.Context(), r.PathValue("id"), r.PostForm)
		}
		s.back(w, r, err)
	})
	mux.HandleFunc("POST /tickets/{id}/{step}", func(w http.ResponseWriter, r *http.Request) {
		err := form(w, r)
		if err == nil {
			err = s.take(r.Context(), r.PathValue("id"), r.PathValue("step"), r.PostForm.Get("key"), r.PostForm)
		}
		s.back(w, r, err)
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

func form(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	return r.ParseForm()
}

// page is what every template is given.
type page struct {
	Now     string
	Speed   float64
	Key     string // of the next command
	Notices []line
	Body    any
}

// line is a notice in words.
type line struct {
	notice
	When string
	Text charter.Text
	Who  charter.Text
}

func (s *server) show(w http.ResponseWriter, r *http.Request, name, id string, body func(context.Context, string) (any, error)) {
	p := page{Now: s.when(s.now()), Speed: s.speed, Key: rand.Text()}
	var err error
	if p.Body, err = body(r.Context(), id); err == nil {
		p.Notices, err = s.notices(r.Context(), id)
	}
	var out strings.Builder
	if err == nil {
		err = pages.ExecuteTemplate(&out, name, p)
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(out.String()))
}

func (s *server) back(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.refuse(w, err)
		return
	}
	http.Redirect(w, r, "/tickets/"+r.PathValue("id"), http.StatusSeeOther)
}

// refuse says what was wrong. Nothing was recorded.
func (s *server) refuse(w http.ResponseWriter, err error) {
	code := http.StatusInternalServerError
	var step *ticket.StepError
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		code = http.StatusNotFound
	case errors.As(err, &step), errors.Is(err, ticket.ErrUnknown):
		code = http.StatusUnprocessableEntity
	case errors.Is(err, journal.ErrBatch):
		code = http.StatusBadRequest
	case errors.As(err, &large):
		code = http.StatusRequestEntityTooLarge
	}
	http.Error(w, err.Error(), code)
}

func (s *server) notices(ctx context.Context, id string) ([]line, error) {
	all, err := s.board.latest(ctx, id)
	lines := make([]line, len(all))
	for i, n := range all {
		clause, _ := s.handbook.Clause(n.Clause)
		lines[i] = line{notice: n, When: s.when(n.At), Text: clause.Text}
		for r := range s.handbook.Roles() {
			if r.ID == n.Role {
				lines[i].Who = charter.Text{EN: r.ID, ZH: r.ZH}
			}
		}
	}
	return lines, err
}

// row is a ticket of the list, face one of its clocks.
type row struct {
	ID, Subject, Tier string
	State             ticket.State
	Hold              bool
	Head              *face
	due               time.Time
}

type face struct {
	Clause           charter.Clause
	State, ZH        string
	Limit, Due, Left string // Left is the wording without a script
	Milliseconds     int64
	Ticking, Open    bool
	Percent          int64
	English, Chinese string
	Headline         bool
}

// overview is the list: most urgent first, what is over last.
func (s *server) overview(ctx context.Context, _ string) (any, error) {
	all, err := s.list.tickets(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]row, 0, len(all))
	for _, h := range all {
		j, err := s.handbook.Judge(h, s.now())
		if err != nil {
			return nil, err
		}
		r, err := s.row(h, j)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int {
		over := func(r row) int {
			if r.Head == nil {
				return 1
			}
			return 0
		}
		return cmp.Or(over(a)-over(b), a.due.Compare(b.due), strings.Compare(a.ID, b.ID))
	})
	return map[string]any{"Rows": rows, "ID": "T-" + rand.Text()[:6]}, nil
}

func (s *server) row(h history.History, j charter.Judgement) (row, error) {
	t, err := ticket.Load(h, nil)
	if err != nil {
		return row{}, err
	}
	r := row{ID: h.Case, Tier: t.Attribute(history.KeyTier), State: t.State()}
	_, r.Hold = t.OnHold()
	r.Subject, _ = h.Entries[0].Fields.Get(ticket.KeyContent)
	if c, ok := j.Headline(); ok && c.Open {
		f, err := s.face(j, c)
		if err != nil {
			return row{}, err
		}
		r.Head, r.due = &f, c.Due
	}
	return r, nil
}

// ticket is the page of one ticket.
func (s *server) ticket(ctx context.Context, id string) (any, error) {
	status, err := s.desk.Status(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := s.row(status.History, status.Judgement)
	if err != nil {
		return nil, err
	}
	head, _ := status.Headline()
	var faces []face
	var later []charter.Clause
	for _, c := range status.Clocks {
		if c.State == sla.Waiting {
			clause, _ := status.Clause(c)
			later = append(later, clause)
		}
		if c.Cycle == 0 || c.State == sla.NotEvaluable || c.State == sla.Superseded {
			continue
		}
		f, err := s.face(status.Judgement, c)
		if err != nil {
			return nil, err
		}
		f.Headline = c.Open && c.Target == head.Target && c.Cycle == head.Cycle
		faces = append(faces, f)
	}
	slices.SortStableFunc(faces, func(a, b face) int {
		rank := func(f face) int {
			switch {
			case f.Headline:
				return 0
			case f.Open:
				return 1
			}
			return 2
		}
		return rank(a) - rank(b)
	})
	can, err := s.possible(status.History)
	return map[string]any{"Ticket": r, "Faces": faces, "Later": later, "Steps": can, "Past": s.past(status.History)}, err
}

// event is an entry in words.
type event struct{ When, EN, ZH, Who, Text string }

func (s *server) past(h history.History) (all []event) {
	for _, e := range slices.Backward(h.Sorted().Entries) {
		if strings.HasPrefix(string(e.Kind), "notice-") {
			continue // the board shows them
		}
		v := event{When: s.when(e.At), EN: e.Kind.Text("en"), ZH: e.Kind.Text("zh"), Who: e.Actor.Role}
		v.Text, _ = e.Personal.Get("text")
		for _, key := range []string{ticket.KeyResult, history.KeyReason} {
			if text, ok := e.Fields.Get(key); ok && v.Text == "" {
				v.Text = text
			}
		}
		all = append(all, v)
	}
	return all
}

var chinese = map[sla.State]string{
	sla.Running: "计时中", sla.Paused: "已暂停", sla.Met: "已达标", sla.Breached: "已超时", sla.Cancelled: "已取消",
}

func (s *server) face(j charter.Judgement, c sla.Clock) (face, error) {
	clause, _ := j.Clause(c)
	why, err := j.Explain(c)
	if err != nil {
		return face{}, err
	}
	count := j.Countdown(c)
	f := face{
		Clause: clause, State: c.State.String(), ZH: chinese[c.State], Limit: c.Span.String(), Open: c.Open,
		Milliseconds: count.RemainingMS, Ticking: count.Ticking, Percent: 100,
		Left:    (time.Duration(count.RemainingMS) * time.Millisecond).Round(time.Second).String(),
		English: why.Explanation.Text("en"), Chinese: why.Explanation.Text("zh"),
	}
	if !c.Due.IsZero() {
		f.Due = s.when(c.Due)
	}
	if c.State != sla.Breached && c.Elapsed+c.Remaining > 0 {
		f.Percent = int64(100 * c.Elapsed / (c.Elapsed + c.Remaining))
	}
	return f, nil
}

func (s *server) when(t time.Time) string {
	return t.In(s.handbook.Location()).Format("Mon 2 Jan 15:04:05")
}

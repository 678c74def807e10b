package main

import (
	"bytes"
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
	"github.com/servicecharter/charter/sla/calendar"
	"github.com/servicecharter/charter/ticket"
)

//go:embed page
var files embed.FS

var pages = template.Must(template.ParseFS(files, "page/*"))

// handler serves the pages. Forms of other sites are refused.
func (d *helpdesk) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.get)
	mux.HandleFunc("GET /{id}", d.get)
	mux.HandleFunc("POST /{id}/{step}", d.post)
	return http.NewCrossOriginProtection().Handler(mux)
}

// language is what the page asks for, or else the browser.
func language(r *http.Request) string {
	first, _, _ := strings.Cut(cmp.Or(r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")), ",")
	if history.IsChinese(first) {
		return "zh"
	}
	return "en"
}

// get shows one ticket or, without an id, the list.
func (d *helpdesk) get(w http.ResponseWriter, r *http.Request) {
	p := page{helpdesk: d, Lang: language(r), ID: r.PathValue("id"), At: d.now(), Key: rand.Text()[:8]}
	var out bytes.Buffer
	err := p.fill(r.Context())
	if err == nil {
		err = pages.ExecuteTemplate(&out, "page.html", p)
	}
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = out.WriteTo(w)
}

// post opens a ticket or takes a step.
func (d *helpdesk) post(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, err := d.take(r.Context(), r.PathValue("id"), r.PathValue("step"), r.PostForm); err != nil {
		fail(w, err)
		return
	}
	http.Redirect(w, r, "/"+r.PathValue("id")+"?lang="+language(r), http.StatusSeeOther)
}

// fail says what was wrong. Nothing was recorded.
func fail(w http.ResponseWriter, err error) {
	code := http.StatusInternalServerError
	var refused *ticket.StepError
	switch {
	case errors.Is(err, journal.ErrUnknownCase):
		code = http.StatusNotFound
	case errors.As(err, &refused), errors.Is(err, ticket.ErrOrder), errors.Is(err, ticket.ErrUnknown), errors.Is(err, journal.ErrBatch):
		code = http.StatusUnprocessableEntity
	}
	http.Error(w, err.Error(), code)
}

// page is what the template is given, and what it may ask.
type page struct {
	*helpdesk
	Lang, ID string
	At       time.Time
	Key      string // of the next ticket or command
	Tickets  []view // by what is due next; what owes nothing comes last
	Notices  []charter.NoticeRecord
}

// view is a ticket and what the handbook says about it.
type view struct {
	charter.Judgement
	Ticket *ticket.Ticket
	Head   sla.Clock // due first
	Owes   bool
	Steps  []step
}

func (p *page) fill(ctx context.Context) error {
	all, err := p.all(ctx)
	if err != nil {
		return err
	}
	for _, h := range all {
		if p.ID != "" && p.ID != h.Case {
			continue
		}
		v := view{Steps: p.possible(h)}
		if v.Ticket, err = ticket.Load(h, nil); err != nil {
			return err
		}
		if v.Judgement, err = p.handbook.Judge(h, p.At); err != nil {
			return err
		}
		if v.Head, v.Owes = v.Headline(); !v.Owes {
			v.Head.Due = calendar.Latest()
		}
		p.Tickets, p.Notices = append(p.Tickets, v), append(p.Notices, charter.NoticeRecords(h)...)
	}
	if p.ID != "" && p.Tickets == nil {
		return journal.CaseError(p.ID, journal.ErrUnknownCase)
	}
	slices.SortFunc(p.Tickets, func(a, b view) int { return cmp.Or(a.Head.Due.Compare(b.Head.Due), cmp.Compare(a.Case, b.Case)) })
	slices.SortStableFunc(p.Notices, func(a, b charter.NoticeRecord) int { return b.At.Compare(a.At) })
	return nil
}

// Say chooses the words of the page's language.
func (p page) Say(en, zh string) string { return charter.Text{EN: en, ZH: zh}.In(p.Lang) }

// When tells an instant in the zone of the handbook.
func (p page) When(t time.Time) string {
	return t.In(p.handbook.Location()).Format(p.Say("Mon 2 Jan 15:04:05", "1月2日 15:04:05"))
}

// Clause is what a clause says, and Role what somebody is called.
func (p page) Clause(id string) string {
	c, _ := p.handbook.Clause(id)
	return c.Text.In(p.Lang)
}

func (p page) Role(id string) string {
	r, _ := p.handbook.Role(id)
	return cmp.Or(r.In(p.Lang), id)
}

package mask

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

// LogValue gives the value masked, so that it is safe with any handler.
func (p Personal) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Handler gives a handler that masks the message and all attributes, in groups too, and hands them on. An attribute of a key that the policy knows is masked by its
// class whatever its type, a group of such a key as a whole. Of others, texts and errors are masked as free text; values of other types become text, except
// for truth values, times, durations and numbers, which stay. Of numbers, those with the form of a mobile or identity number are masked, and
// become text; all others, such as counters, sizes and Unix times, stay however many digits they have.
func (p Policy) Handler(next slog.Handler) slog.Handler { return &handler{next, p, false} }

type handler struct {
	next   slog.Handler
	policy Policy
	secret bool // within a group that the policy knows
}

func (h *handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, Text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(h.attr(a))
		return true
	})
	return h.next.Handle(ctx, out)
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &handler{h.next.WithAttrs(h.attrs(attrs)), h.policy, h.secret}
}

func (h *handler) WithGroup(name string) slog.Handler {
	_, known := h.policy.class(name)
	return &handler{h.next.WithGroup(Text(name)), h.policy, h.secret || known}
}

func (h *handler) attrs(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = h.attr(a)
	}
	return out
}

func (h *handler) attr(a slog.Attr) slog.Attr {
	if a.Equal(slog.Attr{}) {
		return a // handlers leave it out
	}
	v := a.Value.Resolve()
	class, known := h.policy.class(a.Key)
	a.Key = Text(a.Key)
	switch {
	case h.secret || known && v.Kind() == slog.KindGroup:
		a.Value = slog.StringValue(Mask)
	case known:
		a.Value = slog.StringValue(Value(class, plain(v)))
	case v.Kind() == slog.KindGroup:
		a.Value = slog.GroupValue(h.attrs(v.Group())...)
	case v.Kind() == slog.KindString || v.Kind() == slog.KindAny:
		a.Value = slog.StringValue(Text(plain(v)))
	default:
		if a.Value = v; personal(v) {
			a.Value = slog.StringValue(Text(decimal(v)))
		}
	}
	return a
}

// personal tells whether a number has the form of a mobile or identity number.
func personal(v slog.Value) bool {
	digits := strings.TrimPrefix(decimal(v), "-")
	_, mobile := phone(digits)
	return mobile || ValidIdentity(digits)
}

// decimal is a number as JSON writes it; empty for what is none.
func decimal(v slog.Value) string {
	switch v.Kind() {
	case slog.KindInt64, slog.KindUint64:
		return v.String()
	case slog.KindFloat64:
		return strconv.FormatFloat(v.Float64(), 'f', -1, 64)
	}
	return ""
}

// plain is the text of a value. Package fmt catches what methods of the value may do.
func plain(v slog.Value) string {
	if v.Kind() != slog.KindAny {
		return v.String()
	}
	if b, ok := v.Any().([]byte); ok {
		return string(b)
	}
	return fmt.Sprintf("%+v", v.Any())
}

package mask

import (
	"context"
	"fmt"
	"log/slog"
)

// LogValue gives the value masked, so that it is safe with any handler.
func (p Personal) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Handler gives a handler that masks the message and all attributes, in groups too, and hands them on. An attribute of a key that the policy knows is masked by its
// class whatever its type, a group as a whole. Of others, texts and errors are masked as free text; values of other types become text, except
// for numbers, truth values, times and durations, which stay.
func (p Policy) Handler(next slog.Handler) slog.Handler { return &handler{next, p} }

type handler struct {
	next   slog.Handler
	policy Policy
}

func (h *handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, Text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(h.policy.attr(a))
		return true
	})
	return h.next.Handle(ctx, out)
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &handler{h.next.WithAttrs(h.policy.attrs(attrs)), h.policy}
}

func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.next.WithGroup(name), h.policy}
}

func (p Policy) attrs(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = p.attr(a)
	}
	return out
}

func (p Policy) attr(a slog.Attr) slog.Attr {
	if a.Equal(slog.Attr{}) {
		return a // handlers leave it out
	}
	v := a.Value.Resolve()
	class, known := p.class(a.Key)
	a.Key = Text(a.Key)
	switch {
	case known && v.Kind() == slog.KindGroup:
		a.Value = slog.StringValue(Mask)
	case known:
		a.Value = slog.StringValue(Value(class, plain(v)))
	case v.Kind() == slog.KindGroup:
		a.Value = slog.GroupValue(p.attrs(v.Group())...)
	case v.Kind() == slog.KindString || v.Kind() == slog.KindAny:
		a.Value = slog.StringValue(Text(plain(v)))
	default:
		a.Value = v
	}
	return a
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

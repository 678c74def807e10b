package mask_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/servicecharter/charter/history"
	"github.com/servicecharter/charter/records/mask"
)

func TestEntry(t *testing.T) {
	e := history.Entry{
		Seq: 3, At: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC), Kind: history.Opened, Actor: history.Actor{ID: "13800138000", Role: "customer"},
		Fields:   history.Of("tier", "urgent", "content", "我是李雷，电话13900139000", "due", "2025-03-03T09:00:00.123456789Z", "Phone", "13800138000"),
		Personal: history.Of("name", "李雷", "hobby", "chess", "contact.phone", "13800138000"),
	}
	before, err := e.AppendCanonical(nil)
	require.NoError(t, err)
	got := mask.New(mask.Usual()).Entry(e)
	after, err := e.AppendCanonical(nil)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after), "the entry itself is left alone")
	assert.Equal(t, history.Of("tier", "urgent", "content", "我是****，电话139****9000", "due", "2025-03-03T09:00:00.123456789Z", "Phone", "138****8000"), got.Fields)
	assert.Equal(t, history.Of("name", "李*", "hobby", "****", "contact.phone", "138****8000"), got.Personal)
	assert.Equal(t, history.Actor{ID: "****", Role: "customer"}, got.Actor, "the customer's number is known to be personal")
	assert.Equal(t, e.At, got.At)
	assert.Empty(t, mask.Policy{}.Entry(history.Entry{}).Fields)
	assert.Equal(t, history.Of("name", "****"), mask.Policy{}.Entry(history.Entry{Personal: history.Of("name", "李雷")}).Personal)
}

// TestKeys: however a key is written, the policy knows it.
func TestKeys(t *testing.T) {
	p := mask.New(mask.Usual())
	for key, want := range map[string]string{
		"customerName": "李*", "customer_name": "李*", "CUSTOMER NAME": "李*", "name": "李*", "客户姓名": "李*", "order.contactName": "李*", "HTTPName": "李*", "名字.姓名": "李*",
		"生日": "****", "dateOfBirth": "****", "DOB": "****", "userDob": "****", "微信": "****", "weChatID": "****", "QQ": "****", "qq号": "****", "车牌号": "****",
		"license-plate": "****", "phoneNumber": "****", "ID-Number": "****", "idNo": "****", "紧急联系人手机号": "****", "user-Mail": "****", "E-Mail": "****",
		"hostname": "李雷", "namespace": "李雷", "phone.type": "李雷", "": "李雷", "_": "李雷", "plateau": "李雷", "nameÿ": "李雷", "\xff": "李雷", "13800138000": "李雷",
	} {
		assert.Equal(t, want, p.Value(key, "李雷"), key)
	}
	assert.Equal(t, "138****8000", p.Value("customerPhoneNumber", "13800138000"))
	assert.Equal(t, "z***@example.com", p.Value("emailAddress", "z.s@example.com"))
	assert.Equal(t, "****", p.Value("生日", "1990-03-07"))
	classes := mask.Usual()
	classes["Service_Name"] = mask.FreeText
	assert.Equal(t, "desk", mask.New(classes).Value("serviceName", "desk"), "the whole key goes first")
	assert.Equal(t, "desk", mask.New(map[string]mask.Class{"": mask.Secret}).Value("n", "desk"))
	long := strings.Repeat("aB", 1<<16) + "Name"
	assert.Equal(t, "李*", p.Value(long, "李雷"))
}

// TestEntryWithClassOfText: what is personal and free text by its class is masked altogether; what is not personal is masked as text.
func TestEntryWithClassOfText(t *testing.T) {
	p := mask.New(map[string]mask.Class{"note": mask.FreeText})
	got := p.Entry(history.Entry{Fields: history.Of("note", "chess with 韩梅梅", "13800138000", "x"), Personal: history.Of("note", "likes tea", "13900139000", "y")})
	assert.Equal(t, history.Of("note", "chess with 韩梅梅", "138****8000", "x"), got.Fields)
	assert.Equal(t, history.Of("note", "****", "139****9000", "****"), got.Personal)
}

type shouting struct{ Phone string }

type failing struct{}

func (*failing) Error() string { panic("no") }

// TestHandler: nothing personal gets through, in whatever way it is logged.
func TestHandler(t *testing.T) {
	const phone, id = "13800138000", "11010519491231002X"
	for name, write := range map[string]func(*slog.Logger){
		"message":        func(l *slog.Logger) { l.Info("call " + phone) },
		"key":            func(l *slog.Logger) { l.Info("x", "phone", phone) },
		"key as number":  func(l *slog.Logger) { l.Info("x", "phone", 13800138000) },
		"key in capital": func(l *slog.Logger) { l.Info("x", "PHONE", phone) },
		"key itself":     func(l *slog.Logger) { l.Info("x", phone, 1) },
		"other key":      func(l *slog.Logger) { l.Info("x", "note", "id "+id) },
		"with":           func(l *slog.Logger) { l.With("note", phone).Info("x") },
		"in a group":     func(l *slog.Logger) { l.WithGroup("g").With("note", phone).Info("x", slog.Group("h", "note", id)) },
		"with a group": func(l *slog.Logger) {
			l.WithGroup("contact").Info("x", "nick", "李雷", slog.Group("g", "n", "李雷"))
		},
		"with, in it": func(l *slog.Logger) { l.WithGroup("contact").With("nick", "李雷").Info("x") },
		"deeper": func(l *slog.Logger) {
			l.WithGroup("contact").WithGroup("g").With("a", "李雷").Info("x", "b", "李雷")
		},
		"group itself":  func(l *slog.Logger) { l.WithGroup(phone).Info("x", "n", 1) },
		"number":        func(l *slog.Logger) { l.Info("x", slog.Int64("caller", 13800138000)) },
		"unsigned":      func(l *slog.Logger) { l.Info("x", slog.Uint64("caller", 8613800138000)) },
		"float":         func(l *slog.Logger) { l.Info("x", slog.Float64("caller", 13800138000)) },
		"below zero":    func(l *slog.Logger) { l.Info("x", slog.Int64("caller", -13800138000)) },
		"identity":      func(l *slog.Logger) { l.Info("x", slog.Int64("v", 440524188001010014)) },
		"any number":    func(l *slog.Logger) { l.Info("x", slog.Group("g", "v", uint(13800138000))) },
		"camel case":    func(l *slog.Logger) { l.Info("x", "customerName", "李雷") },
		"a known group": func(l *slog.Logger) { l.Info("x", slog.Group("contact", "nick", "李雷")) },
		"error":         func(l *slog.Logger) { l.Info("x", "err", fmt.Errorf("no such customer: %w", errors.New(phone))) },
		"struct":        func(l *slog.Logger) { l.Info("x", "v", shouting{phone}) },
		"pointer":       func(l *slog.Logger) { l.Info("x", "v", &shouting{phone}) },
		"map":           func(l *slog.Logger) { l.Info("x", "v", map[string]any{"a": []string{phone}}) },
		"bytes":         func(l *slog.Logger) { l.Info("x", "v", []byte(phone)) },
		"raw JSON":      func(l *slog.Logger) { l.Info("x", "v", json.RawMessage(`"`+phone+`"`)) },
		"log valuer":    func(l *slog.Logger) { l.Info("x", "v", mask.Of(mask.Phone, phone)) },
		"nested valuer": func(l *slog.Logger) { l.Info("x", slog.Any("v", []any{mask.Of(mask.Name, "李雷")})) },
		"panics":        func(l *slog.Logger) { var f *failing; l.Info("x "+phone, "v", f, "w", slog.AnyValue(f)) },
	} {
		for _, handler := range []func(*bytes.Buffer) slog.Handler{
			func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
			func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		} {
			var b bytes.Buffer
			write(slog.New(mask.New(mask.Usual()).Handler(handler(&b))))
			require.NotEmpty(t, b.String(), name)
			out := b.String()[strings.Index(b.String(), "msg"):]
			for _, secret := range []string{phone, id, "0013", "李雷", "13800138000", "1.3800138", "440524188001010014"} {
				assert.NotContains(t, out, secret, name)
			}
		}
	}
	var b bytes.Buffer
	l := slog.New(mask.New(nil).Handler(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelWarn})))
	l.Info("below the level")
	l.Warn("kept", "n", 1234567890, "ms", 1741000000123, "f", 1e9, "ok", true, "d", time.Minute, "at", time.Unix(1700000000, 0).UTC(), "x", "y", slog.Attr{})
	assert.Contains(t, b.String(), "msg=kept n=1234567890 ms=1741000000123 f=1e+09 ok=true d=1m0s at=2023-11-14T22:13:20.000Z x=y\n")
	assert.NotContains(t, b.String(), "below")
}

// TestPersonal: no verb and no encoder shows the value.
func TestPersonal(t *testing.T) {
	p := mask.Of(mask.Phone, "13800138000")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T %v"} {
		out := fmt.Sprintf(strings.Replace(verb, "%T ", "", 1), p)
		assert.Equal(t, "138****8000", out, verb)
	}
	assert.Equal(t, "[138****8000]", fmt.Sprint([]mask.Personal{p}))
	out, err := json.Marshal(map[string]any{"p": p})
	require.NoError(t, err)
	assert.JSONEq(t, `{"p":"138****8000"}`, string(out))
	assert.Equal(t, "13800138000", p.Reveal())
	assert.Empty(t, mask.Personal{}.String())
}

func ExampleText() {
	fmt.Println(mask.Text("李雷（138-0013-8000，身份证 11010519491231002X）来电", "李雷"))
	fmt.Println(mask.Text("Call Li Lei at +86 10 6234 5678 before 2025-03-03 18:00", "Li Lei"))
	// Output:
	// ****（138****8000，身份证 1****************X）来电
	// Call **** at +86 010-****5678 before 2025-03-03 18:00
}

func ExamplePolicy_Entry() {
	p := mask.New(mask.Usual())
	e := p.Entry(history.Entry{
		Kind:     history.Opened,
		Fields:   history.Of("tier", "urgent", "content", "欧阳娜娜 wants a call at 13800138000"),
		Personal: history.Of("name", "欧阳娜娜", "phone", "13800138000"),
	})
	fmt.Println(e.Fields, e.Personal)
	// Output: [{content **** wants a call at ****} {tier urgent}] [{name 欧阳**} {phone 138****8000}]
}

func ExamplePolicy_Handler() {
	var b strings.Builder
	leaveTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	log := slog.New(mask.New(mask.Usual()).Handler(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: leaveTime})))
	log.Info("called back", "case", "T-1001", "phone", "13800138000", "note", "asked for 韩梅梅 at 010-62345678")
	fmt.Print(b.String())
	// Output: level=INFO msg="called back" case=T-1001 phone=138****8000 note="asked for 韩梅梅 at 010-****5678"
}

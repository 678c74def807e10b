package mask

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/servicecharter/charter/history"
)

// Policy says which keys hold which class of personal data. Of others, text is treated as [FreeText]. The zero Policy knows no keys. It never changes,
// and any number of goroutines may use it.
type Policy struct {
	classes map[string]Class // by keys in lower case
}

// New makes a policy of keys and their classes. Keys are compared without regard to case; of a dotted key ("customer.phone") the last part counts too.
func New(classes map[string]Class) Policy {
	p := Policy{make(map[string]Class, len(classes))}
	for _, key := range slices.Sorted(maps.Keys(classes)) { // in order, should keys differ in case only
		p.classes[strings.ToLower(key)] = classes[key]
	}
	return p
}

// Usual gives the usual keys in English and Chinese. The map is the caller's, to add to.
func Usual() map[string]Class {
	classes := map[string]Class{}
	for c, keys := range map[Class]string{
		Name:     "name full_name customer_name contact contact_name 姓名 客户姓名 联系人",
		Phone:    "phone mobile tel telephone cell fax contact_phone 电话 手机 手机号 联系电话 传真",
		Email:    "email e-mail mail 邮箱 电子邮件",
		Identity: "id_number id_card identity identity_number passport 身份证 身份证号 证件号 证件号码",
		Card:     "card card_number bank_card account bank_account 银行卡 银行卡号 卡号 账号",
		Address:  "address home_address 地址 住址 联系地址",
		Secret:   "password passwd token secret authorization cookie api_key verification_code 密码 口令 验证码",
	} {
		for key := range strings.FieldsSeq(keys) {
			classes[key] = c
		}
	}
	return classes
}

// class of a key, if the policy knows it.
func (p Policy) class(key string) (Class, bool) {
	key = strings.ToLower(key)
	c, ok := p.classes[key]
	if !ok {
		c, ok = p.classes[key[strings.LastIndexByte(key, '.')+1:]]
	}
	return c, ok
}

// Value masks the value of a key: by its class, or else as free text in which known values are masked too.
func (p Policy) Value(key, value string, known ...string) string {
	if c, ok := p.class(key); ok && c != FreeText {
		return Value(c, value)
	}
	return Text(value, known...)
}

// Entry gives an entry fit for a report or an export. Personal fields of a key that the policy does not know are masked altogether. Other fields and the
// actor's id are masked as Value does, so that what is personal is masked there too; instants stay. Seq, instants, kind and role are as they were.
func (p Policy) Entry(e history.Entry) history.Entry {
	var known []string
	for _, f := range e.Personal {
		known = append(known, f.Value)
	}
	personal := make(history.Fields, len(e.Personal))
	for i, f := range e.Personal {
		personal[i] = history.Field{Key: f.Key, Value: Value(Secret, f.Value)}
		if c, ok := p.class(f.Key); ok && c != FreeText {
			personal[i].Value = Value(c, f.Value)
		}
	}
	fields := make(history.Fields, len(e.Fields))
	for i, f := range e.Fields {
		if _, err := history.ParseInstant(f.Value); err != nil {
			f.Value = p.Value(f.Key, f.Value, known...)
		}
		fields[i] = f
	}
	e.Actor.ID = Text(e.Actor.ID, known...)
	e.Fields, e.Personal = fields.Canonical(), personal.Canonical()
	return e
}

// Personal is a value that shows itself masked: printed with any verb, logged, or written as JSON. Only [Personal.Reveal] gives it as it is. The zero value is an
// empty one of no class.
type Personal struct {
	class Class
	value string
}

// Of makes a value of a class.
func Of(c Class, value string) Personal { return Personal{c, value} }

// Reveal gives the value as it is.
func (p Personal) Reveal() string { return p.value }

// String gives the value masked.
func (p Personal) String() string { return Value(p.class, p.value) }

// Format writes the value masked, whatever the verb.
func (p Personal) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(p.String())) }

// MarshalText gives the value masked. There is no way back.
func (p Personal) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

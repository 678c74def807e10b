package mask

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/servicecharter/charter/history"
)

// Policy says which keys hold which class of personal data. Of others, text is treated as [FreeText]. The zero Policy knows no keys. It never changes,
// and any number of goroutines may use it.
type Policy struct {
	classes map[string]Class // by letters and digits of keys
	longest int              // of those, in bytes
}

// New makes a policy of keys and their classes. Only letters and digits of a key count, and not their case: phone_number, phoneNumber and Phone-Number are one.
// Where the whole key is not known, its last words are looked for, the more of them the better: "customer.phone", "workPhone" and "紧急联系电话" are phones.
// A key that ends so but holds nothing personal, such as service_name, may be given the class [FreeText].
func New(classes map[string]Class) Policy {
	p := Policy{classes: make(map[string]Class, len(classes))}
	for _, key := range slices.Sorted(maps.Keys(classes)) { // in order, should keys differ in case only
		letters, _ := split(key)
		p.classes[letters] = classes[key]
		p.longest = max(p.longest, len(letters))
	}
	return p
}

// split gives the letters and digits of a key in lower case, and where in them the words begin. Each Chinese character is a word.
func split(key string) (letters string, words []int) {
	runes := []rune(key)
	var b strings.Builder
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			continue
		}
		begins := i == 0
		if !begins {
			before := runes[i-1]
			hump := unicode.IsUpper(r) && (!unicode.IsUpper(before) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
			begins = hump || unicode.Is(unicode.Han, r) || unicode.Is(unicode.Han, before) || !unicode.IsLetter(before) && !unicode.IsNumber(before)
		}
		if begins {
			words = append(words, b.Len())
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String(), words
}

// Usual gives the usual keys in English and Chinese. The map is the caller's, to add to.
func Usual() map[string]Class {
	classes := map[string]Class{}
	for c, keys := range map[Class]string{
		Name:     "name full_name contact 姓名 联系人",
		Phone:    "phone phone_number phone_no mobile mobile_number tel telephone telephone_number cell fax 电话 电话号码 手机 手机号 手机号码 传真",
		Email:    "email email_address mail mail_address 邮箱 电子邮件",
		Identity: "id_number id_no id_card id_card_number identity identity_number passport passport_number 身份证 身份证号 身份证号码 证件号 证件号码 护照号",
		Card:     "card card_number card_no account account_number 银行卡 卡号 账号",
		Address:  "address 地址 住址",
		Secret: "password passwd token secret authorization cookie api_key verification_code 密码 口令 验证码 " +
			"birthday birth_date birthdate date_of_birth dob 生日 出生日期 wechat wechat_id weixin qq qq_number 微信 微信号 qq号 " +
			"plate plate_number license_plate 车牌 车牌号 车牌号码",
	} {
		for key := range strings.FieldsSeq(keys) {
			classes[key] = c
		}
	}
	return classes
}

// class of a key, if the policy knows it or its last words.
func (p Policy) class(key string) (Class, bool) {
	letters, words := split(key)
	for _, from := range words {
		if len(letters)-from > p.longest {
			continue
		}
		if c, ok := p.classes[letters[from:]]; ok {
			return c, true
		}
	}
	return "", false
}

// Value masks the value of a key: by its class, or else as free text in which known values are masked too.
func (p Policy) Value(key, value string, known ...string) string {
	if c, ok := p.class(key); ok && c != FreeText {
		return Value(c, value)
	}
	return Text(value, known...)
}

// Entry gives an entry fit for a report or an export. Personal fields of a key that the policy does not know are masked altogether. Other fields and the
// actor's id are masked as Value does, so that what is personal is masked there too; instants stay. Keys are masked as free text. Seq, instants, kind and role are as they were.
func (p Policy) Entry(e history.Entry) history.Entry {
	var known []string
	for _, f := range e.Personal {
		known = append(known, f.Value)
	}
	personal := make(history.Fields, len(e.Personal))
	for i, f := range e.Personal {
		personal[i] = history.Field{Key: Text(f.Key), Value: Value(Secret, f.Value)}
		if c, ok := p.class(f.Key); ok && c != FreeText {
			personal[i].Value = Value(c, f.Value)
		}
	}
	fields := make(history.Fields, len(e.Fields))
	for i, f := range e.Fields {
		if _, err := history.ParseInstant(f.Value); err != nil {
			f.Value = p.Value(f.Key, f.Value, known...)
		}
		fields[i] = history.Field{Key: Text(f.Key), Value: f.Value}
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

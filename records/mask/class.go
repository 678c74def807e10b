package mask

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask stands for what is not shown.
const Mask = "****"

// Class is what sort of personal data a value is.
type Class string

// The classes. A value of any other class, the empty one too, is masked altogether.
const (
	Name     Class = "name"     // 欧阳娜娜 is 欧阳**, 李雷 is 李*, John Smith is J*** S***
	Phone    Class = "phone"    // 13800138000 is 138****8000, 010-62345678 is 010-****5678
	Email    Class = "email"    // zhang.san@example.com is z***@example.com
	Identity Class = "identity" // 11010519491231002X is 1****************X
	Card     Class = "card"     // 4111 1111 1111 1111 is ****1111
	Address  Class = "address"  // 广东省深圳市南山区科技园1号 is 广东省****
	FreeText Class = "text"     // see Text
	Secret   Class = "secret"   // ****
)

// Value masks a value of a class. What does not have the form of its class is masked altogether. The empty value stays empty.
func Value(c Class, s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	out := Mask
	switch c {
	case Name:
		out = name(strings.TrimSpace(s))
	case Phone:
		out = whole(s, phone)
	case Email:
		out = email(strings.TrimSpace(s))
	case Identity:
		out = whole(s, identity)
	case Card:
		out = whole(s, card)
	case Address:
		out = address(strings.TrimSpace(s))
	case FreeText:
		return Text(s)
	}
	// Whatever the form let through.
	return Text(out)
}

// whole masks a value that is one number and nothing else.
func whole(s string, form func(digits string) (string, bool)) string {
	var digits strings.Builder
	for _, r := range s {
		switch d := digit(r); {
		case d >= 0 && digits.Len() < maxForm:
			digits.WriteByte(byte('0' + d))
		case isX(r) && digits.Len() == 17:
			digits.WriteByte('X')
		case r == '+' || ignored(r) || separates(r):
		default:
			return Mask
		}
	}
	if out, ok := form(digits.String()); ok {
		return out
	}
	return Mask
}

func isX(r rune) bool { return r == 'X' || r == 'x' || r == 'Ｘ' || r == 'ｘ' }

// name shows the surname of a Chinese name and the initials of others.
func name(s string) string {
	runes := []rune(s)
	if len(runes) == 0 || len(runes) > 60 {
		return Mask
	}
	han := true
	for _, r := range runes {
		switch {
		case strings.ContainsRune("·•‧・", r) || unicode.Is(unicode.Han, r):
		default:
			han = false
		}
		if numeral(r) && !unicode.Is(unicode.Han, r) {
			return Mask
		}
	}
	if han {
		return chineseName(s, runes)
	}
	words := strings.Fields(s)
	if len(words) > 5 {
		return Mask
	}
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		if !unicode.IsLetter(first) || unicode.Is(unicode.Han, first) || size == len(w) {
			words[i] = "***"
			continue
		}
		words[i] = string(first) + "***"
	}
	return strings.Join(words, " ")
}

func chineseName(s string, runes []rune) string {
	if strings.ContainsAny(s, "·•‧・") || len(runes) > 4 {
		if unicode.Is(unicode.Han, runes[0]) {
			return string(runes[0]) + "***"
		}
		return Mask
	}
	if len(runes) == 1 {
		return "*"
	}
	surname := 1
	if len(runes) > 2 && compound[string(runes[:2])] {
		surname = 2
	}
	return string(runes[:surname]) + strings.Repeat("*", len(runes)-surname)
}

// compound are the compound surnames in use, in simplified and traditional characters.
var compound = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Fields(`欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙
		钟离 长孙 宇文 司徒 鲜于 司空 令狐 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 段干 百里 呼延 东郭 南门 羊舌 微生
		梁丘 左丘 东门 西门 纳兰 完颜 歐陽 司馬 東方 獨孤 南宮 聞人 諸葛 尉遲 公孫 慕容 鍾離 長孫 鮮于 軒轅 澹臺 赫連 申屠 納蘭 完顏 張簡 范姜`) {
		m[s] = true
	}
	return m
}()

// email shows the first letter of a long enough mailbox, and the domain.
func email(s string) string {
	at := strings.LastIndexAny(s, "@＠")
	if at <= 0 {
		return Mask
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	local, domain := s[:at], s[at+size:]
	if domain == "" || strings.ContainsFunc(domain, func(r rune) bool { return !inDomain(r) }) {
		return Mask
	}
	return mailbox(local) + "@" + domain
}

func inDomain(r rune) bool {
	return r == '.' || r == '-' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

func mailbox(local string) string {
	first, _ := utf8.DecodeRuneInString(local)
	if utf8.RuneCountInString(local) < 3 || first >= utf8.RuneSelf || !unicode.IsLetter(first) {
		return "***"
	}
	return string(first) + "***"
}

// address shows the division of the first level, which is one of 34.
func address(s string) string {
	for _, p := range provinces {
		if strings.HasPrefix(s, p) {
			return p + Mask
		}
	}
	return Mask
}

// provinces are the divisions of the first level, as addresses begin with them; longer forms stand before their beginnings.
var provinces = strings.Fields(`北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省
	四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省 内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区 香港特别行政区 澳门特别行政区
	北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏
	宁夏 新疆 香港 澳门`)

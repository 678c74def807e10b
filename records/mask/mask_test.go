package mask_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/servicecharter/charter/records/mask"
)

func TestValue(t *testing.T) {
	for _, c := range []struct {
		class    mask.Class
		in, want string
	}{
		{mask.Phone, "13800138000", "138****8000"},
		{mask.Phone, " 138 0013 8000 ", "138****8000"},
		{mask.Phone, "+86-138-0013-8000", "86 138****8000"},
		{mask.Phone, "008613800138000", "86 138****8000"},
		{mask.Phone, "１３８００１３８０００", "138****8000"},
		{mask.Phone, "一三八〇〇一三八〇〇〇", "138****8000"},
		{mask.Phone, "幺三八零零幺三八零零零", "138****8000"},
		{mask.Phone, "138\u200b0013\u200b8000", "138****8000"},
		{mask.Phone, "010-62345678", "010-****5678"},
		{mask.Phone, "(021)62345678", "021-****5678"},
		{mask.Phone, "0755-1234567", "0755-****567"},
		{mask.Phone, "0755 12345678", "0755-****5678"},
		{mask.Phone, "+86 10 6234 5678", "86 010-****5678"},
		{mask.Phone, "1380013800", "****"},    // a digit is missing
		{mask.Phone, "138001380000", "****"},  // one too many
		{mask.Phone, "12800138000", "****"},   // no mobile prefix
		{mask.Phone, "13800138000转8", "****"}, // more than a number
		{mask.Phone, "phone 13800138000", "****"},
		{mask.Phone, "4008001234", "****"},
		{mask.Phone, "", ""},
		{mask.Email, "zhang.san@example.com", "z***@example.com"},
		{mask.Email, "ab@example.com", "***@example.com"},
		{mask.Email, "13800138000@qq.com", "***@qq.com"},
		{mask.Email, "li＠例子.公司", "***@例子.公司"},
		{mask.Email, "lilei@13800138000.com", "l***@138****8000.com"},
		{mask.Email, "lilei", "****"},
		{mask.Email, "@example.com", "****"},
		{mask.Email, "li@", "****"},
		{mask.Email, "li@exa mple.com", "****"},
		{mask.Identity, "11010519491231002X", "1****************X"}, // the example of GB 11643-1999
		{mask.Identity, "11010519491231002x", "1****************X"},
		{mask.Identity, "440524188001010014", "4****************4"}, // the other one
		{mask.Identity, "110105194912310021", "****"},               // wrong check digit
		{mask.Identity, "110105491231002", "****"},                  // of 15 digits
		{mask.Identity, "11010519491331002X", "****"},               // no such month
		{mask.Card, "4111 1111 1111 1111", "****1111"},              // the payment networks' test numbers
		{mask.Card, "6200000000000005", "****0005"},
		{mask.Card, "5555-5555-5555-4444", "****4444"},
		{mask.Card, "4111111111111112", "****"},
		{mask.Card, "0000000000000000", "****"},
		{mask.Name, "李雷", "李*"},
		{mask.Name, "韩梅梅", "韩**"},
		{mask.Name, "欧阳娜娜", "欧阳**"},
		{mask.Name, "司马光", "司马*"},
		{mask.Name, "諸葛亮", "諸葛*"},
		{mask.Name, "欧阳", "欧*"},
		{mask.Name, "张王丽华", "张***"},
		{mask.Name, "李", "*"},
		{mask.Name, "阿依古丽·买买提", "阿***"},
		{mask.Name, "很长的不是名字", "很***"},
		{mask.Name, "John Smith", "J*** S***"},
		{mask.Name, "Ян", "Я***"},
		{mask.Name, "J", "***"},
		{mask.Name, "李雷 Leo", "*** L***"},
		{mask.Name, "李雷13800138000", "****"},
		{mask.Name, "John 13800138000", "****"},
		{mask.Name, strings.Repeat("a ", 100), "****"},
		{mask.Address, "广东省深圳市南山区科技园1号", "广东省****"},
		{mask.Address, "北京海淀区", "北京****"},
		{mask.Address, "内蒙古自治区呼和浩特市", "内蒙古自治区****"},
		{mask.Address, "李雷，广东省深圳市", "****"},
		{mask.Address, "12 High Street", "****"},
		{mask.FreeText, "手机13800138000", "手机138****8000"},
		{mask.Secret, "hunter2", "****"},
		{"", "x", "****"},
		{"unheard of", "x", "****"},
		{mask.Phone, "\xff\xfe", "****"},
		{mask.Name, "\xff", "***"},
	} {
		assert.Equal(t, c.want, mask.Value(c.class, c.in), "%s %q", c.class, c.in)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "no numbers": "no numbers",
		"call 13800138000 now":                            "call 138****8000 now",
		"call 138-0013-8000 or 010 6234 5678.":            "call 138****8000 or 010-****5678.",
		"call 138-0013-8000 / 010 6234 5678.":             "call ****.", // so near each other they are taken for one
		"call 138-0013-8000, or 010 6234 5678.":           "call 138****8000, or 010-****5678.",
		"卡号6222 0212 3456 7890 123,身份证11010519491231002X": "卡号****,身份证1****************X",
		"证件 110105 19491231 002X。":                        "证件 1****************X。",
		"110105194912310021":                              "****", // wrong check digit
		"11010519491231002X 5":                            "****",
		"订单 20250303140000 金额 128.50":                     "订单 **** 金额 128.50",
		"订单20250303140000，金额128.50":                       "订单****，金额128.50",
		"at 2025-03-03 14:30:05, ticket 123456":           "at 2025-03-03 14:30:05, ticket 123456",
		"at 2025/03/03, 2025.12.31":                       "at 2025/03/03, 2025.12.31",
		"2025-03-03T14:30:05+08:00":                       "2025-03-03T14:30:05+08:00",
		"2025-03-03 13800138000":                          "****",
		"13800138000 2025-03-03":                          "****",
		"2025-03/03":                                      "****", // no date
		"2025-13-03":                                      "****",
		"1a2b3c4d5e6f7g8h":                                "1a2b3c4d5e6f7g8h",
		"138 - 0013 - 8000":                               "138****8000",
		"1.3.8.0.0.1.3.8.0.0.0":                           "138****8000",
		"①③⑧⓪⓪①③⑧⓪⓪⓪":                                     "****",
		"mail a.b@example.com or x@y":                     "mail a***@example.com or ***@y",
		"a@b@c.com":                                       "a***@c.com",
		"电话一三八零零一三八零零零":                                   "电话138****8000",
		"138\xff0013\xff8000":                             "138****8000",
		"٠١٢٣٤٥٦٧٨٩":                                      "012-****789", "٩٩٩٩٩٩٩٩٩٩": "****",
	} {
		assert.Equal(t, want, mask.Text(in), "%q", in)
	}
	assert.Equal(t, "**** told **** that **** left", mask.Text("李雷 told 韩梅梅 that 李雷 left", "李雷", "韩梅梅", "", "a"))
	for in, want := range map[string]string{
		"138001\n38000": "138****8000", "call 138001\r\n38000.": "call 138****8000.", "138,0013,8000": "138****8000", "电话：138-00，138 000": "电话：138****8000",
		"110105\n194912\n31002X": "1****************X", "+86\n138001|38000": "+86 138****8000", "86,138,0013,8000": "86,138,0013,8000",
		"2025-03-03\n138001\n38000": "2025-03-03\n138****8000", "2025-03-03, see\n138001\n38000": "2025-03-03, see\n138****8000",
		"1,234,567.00": "1,234,567.00", "13,800,138,000": "13,800,138,000", "12\n345\n6789\n1234": "12\n345\n6789\n1234", "13:05, 14:10, 100": "13:05, 14:10, 100",
		"2025-03-03\n2025-03-04\n12:30:15": "2025-03-03\n2025-03-04\n12:30:15", "138001\n\n\n\n38000": "138001\n\n\n\n38000", "138001\n38000\n1": "138001\n38000\n1",
		"|1|2|3|\n|4|5|6|\n|7|8|9|": "|1|2|3|\n|4|5|6|\n|7|8|9|", "01:02:03:04:05": "01:02:03:04:05", "date,n\n2025-03-03,15\n2025-03-04,123456": "date,n\n2025-03-03,15\n2025-03-04,123456",
	} {
		assert.Equal(t, want, mask.Text(in), "%q", in)
	}
	for known, cases := range map[string]map[string]string{
		"Li Lei":       {"LI LEI": "****", "ask lilei!": "ask ****!", "Li\u00a0 \nLei": "****", "ＬＩ　ＬＥＩ": "****", "Mali Leigh": "Mali Leigh", "XLi LeiX": "X****X", "li-lei": "li-lei"},
		"李雷":           {"李 雷来电": "****来电", "李\u200b雷": "****", "李雷李 雷": "********"},
		"Li":           {"client LI": "client ****", "li.": "****.", "Lisa": "****sa"},
		"anna an":      {"joanna Anna An": "joanna ****", "Anna An Anna An": "**** ****"},
		"a a":          {"A a a": "****"},
		"\u200b\u200b": {"a b": "a b"},
		" 李":           {"李 李": "李****"},
		"ß x":          {"ẞX": "****"},
	} {
		for in, want := range cases {
			assert.Equal(t, want, mask.Text(in, known), "%q in %q", known, in)
		}
	}
	assert.Equal(t, "**** left", mask.Text("Li Lei Wang left", "lei wang", "LI LEI"), "two that overlap")
	assert.Equal(t, "****们", mask.Text("李雷雷们", "李雷", "李雷雷"), "the longer one first")
}

func TestValidNumbers(t *testing.T) {
	for _, s := range []string{"11010519491231002X", "440524188001010014"} {
		require.True(t, mask.ValidIdentity(s))
		for i := range 17 { // the check digit notices every single wrong digit
			for d := byte('0'); d <= '9'; d++ {
				if wrong := s[:i] + string(d) + s[i+1:]; wrong != s {
					assert.False(t, mask.ValidIdentity(wrong), wrong)
				}
			}
		}
	}
	// 79927398713 is the worked example of the formula; with two more digits in front it is as long as a card.
	for _, s := range []string{"4111111111111111", "4012888888881881", "6200000000000005", "5105105105105100", "378282246310005", "0079927398713"} {
		assert.True(t, mask.ValidCard(s), s)
		assert.False(t, mask.ValidCard(s[:len(s)-1]+string('0'+(s[len(s)-1]-'0'+1)%10)), s)
	}
	for _, s := range []string{"", "1", "411111111111111a", strings.Repeat("4", 20)} {
		assert.False(t, mask.ValidCard(s), s)
		assert.False(t, mask.ValidIdentity(s), s)
	}
}

// A slow and simple eye: seven numerals with at most three separators between each two, after what cannot be seen and what is a date has been taken out.
var (
	numeral = `[\p{N}〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖○貳參陸两兩幺]`
	between = `[\t .()/_'’·−（）．／\p{Zs}\p{Pd}]{0,3}`
	long    = regexp.MustCompile(numeral + `(?:` + between + numeral + `){6,}`)
	day     = regexp.MustCompile(`(?:19|20)\d{2}([-/.])\d{2}[-/.]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[+-]\d{2}:\d{2})?)?)?`)
	mail    = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}`)
)

func leaks(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me) {
			return -1
		}
		return r
	}, s)
	if m := mail.FindString(s); m != "" {
		return m
	}
	for {
		m := long.FindString(s)
		if m == "" {
			return ""
		}
		if d := day.FindString(m); d == "" {
			return m
		} else if !strings.HasPrefix(m, d) || long.MatchString(strings.Replace(m, d, "", 1)) {
			return m
		}
		s = strings.Replace(s, m, "#", 1)
	}
}

// TestNothingLeaks: pieces that numbers are made of, in any order.
func TestNothingLeaks(t *testing.T) {
	pieces := []string{
		"13800138000", "11010519491231002", "X", "x", "4111111111111111", "010", "62345678", "+86", " ", "-", ".", "(", ")", "\u200b", "\u0301", "\xff", "\n", "，", "2025-03-03",
		" 14:30", "a", "@", "qq.com", "一", "八", "①", "٣", "７", "0", "李雷", "*", "\u3000", "–", "𝟕", "T", ":", "5", ",", "138001", "38000", "|", "\r\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), "")
		out := mask.Text(s)
		require.Empty(t, leaks(out), "%q gave %q", s, out)
		require.Equal(t, out, mask.Text(out), "once is enough")
		for _, c := range []mask.Class{mask.Name, mask.Phone, mask.Email, mask.Identity, mask.Card, mask.Address, mask.Secret, ""} {
			require.Empty(t, leaks(mask.Value(c, s)), "%s of %q", c, s)
		}
	})
}

// TestBrokenNumbers: a number of a known form is found wherever it is broken once, by whatever breaks it.
func TestBrokenNumbers(t *testing.T) {
	for _, number := range []string{"13800138000", "8613800138000", "11010519491231002X", "440524188001010014"} {
		for i := 1; i < len(number); i++ {
			for _, between := range []string{"\n", "\r\n", ",", "，", ", ", ":", "|", " \n ", "、", ";"} {
				out := mask.Text("tel " + number[:i] + between + number[i:] + " ok")
				assert.NotContains(t, out, number[:i]+between+number[i:])
				assert.Equal(t, out, mask.Text(out))
			}
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"", "call 138-0013-8000", "11010519491231002X", "4111 1111 1111 1111", "2025-03-03 14:30:05", "a.b@example.com", "一三八零零一三八零零零", "138\xff0013\xff8000",
		"2025-03-03 14:30 138 0013", "110105 19491231 002 x 9", "\u200b1\u0301", "+86 10 6234 5678",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := mask.Text(s)
		if l := leaks(out); l != "" {
			t.Fatalf("%q gave %q, which shows %q", s, out, l)
		}
		if again := mask.Text(out); again != out {
			t.Fatalf("%q gave %q and then %q", s, out, again)
		}
		for _, c := range []mask.Class{mask.Name, mask.Phone, mask.Email, mask.Identity, mask.Card, mask.Address, mask.FreeText, mask.Secret} {
			if l := leaks(mask.Value(c, s)); l != "" {
				t.Fatalf("%s: %q shows %q", c, s, l)
			}
		}
	})
}

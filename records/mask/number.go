package mask

import (
	"strings"
	"time"
	"unicode"
)

const (
	// least is the shortest run of digits that is masked: landline numbers without their area code have seven.
	least = 7
	// gap is how many blanks, dashes and the like may stand between two digits of one run.
	gap = 3
	// maxForm is more digits than any form has.
	maxForm = 24
)

// digit is the value of a decimal digit of any script or of a Chinese numeral; -1 for all else.
func digit(r rune) int {
	if '0' <= r && r <= '9' {
		return int(r - '0')
	}
	if r < 0x80 {
		return -1
	}
	if d, ok := chineseDigits[r]; ok {
		return d
	}
	if !unicode.IsDigit(r) {
		return -1
	}
	// Decimal digits come in tens, from zero to nine (Unicode Standard, section 4.6).
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10
		}
	}
	return -1
}

var chineseDigits = func() map[rune]int {
	m := map[rune]int{'两': 2, '兩': 2, '幺': 1}
	for _, row := range []string{"〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "○壹貳參肆伍陸柒捌玖"} {
		for i, r := range []rune(row) {
			m[r] = i
		}
	}
	return m
}()

// numeral tells whether a character counts as a digit of a run: circled, superscript and Roman numerals do too.
func numeral(r rune) bool { return digit(r) >= 0 || r >= 0x80 && unicode.IsNumber(r) }

// separates tells whether a character may stand between the digits of one number.
func separates(r rune) bool {
	return r == '\t' || strings.ContainsRune(" .()/_'’·−（）．／", r) || r >= 0x80 && unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Pd, r)
}

// ignored tells whether a character cannot be seen between digits, or stands for bytes that are none.
func ignored(r rune) bool {
	return r >= 0x80 && (r == unicode.ReplacementChar || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me))
}

// phone shows the first three and last four digits of a mainland mobile number, and the area code and the last digits of a landline.
func phone(digits string) (string, bool) {
	country := ""
	for _, prefix := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok && len(digits) > 11 {
			country, digits = "86 ", rest
			break
		}
	}
	n := len(digits)
	if n == 11 && digits[0] == '1' && digits[1] >= '3' {
		return country + digits[:3] + Mask + digits[7:], true
	}
	if country != "" && n > 0 && digits[0] != '0' { // abroad the area code loses its zero
		digits, n = "0"+digits, n+1
	}
	if n < 10 || n > 12 || digits[0] != '0' || digits[1] == '0' {
		return "", false
	}
	area := 4
	if digits[1] <= '2' {
		area = 3
	}
	if local := n - area; local != 7 && local != 8 {
		return "", false
	}
	return country + digits[:area] + "-" + Mask + digits[area+4:], true
}

// identity shows the first and the last character of a resident identity number.
func identity(digits string) (string, bool) {
	if !ValidIdentity(digits) {
		return "", false
	}
	return digits[:1] + strings.Repeat("*", 16) + digits[17:], true
}

// ValidIdentity tells whether a text is a resident identity number of 18 characters: a date of birth that exists, and the check character of GB
// 11643-1999, which is ISO 7064 MOD 11-2. Numbers of 15 digits are no longer valid.
func ValidIdentity(s string) bool {
	if len(s) != 18 || s[0] == '0' {
		return false
	}
	sum := 0
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += int(s[i]-'0') * (1 << (17 - i) % 11)
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil {
		return false
	}
	check := "10X98765432"[sum%11]
	return s[17] == check || check == 'X' && s[17] == 'x'
}

// card shows the last four digits of a bank card.
func card(digits string) (string, bool) {
	if !ValidCard(digits) {
		return "", false
	}
	return Mask + digits[len(digits)-4:], true
}

// ValidCard tells whether a text can be the number of a bank card: 13 to 19 digits with the check digit of ISO/IEC 7812-1, the formula of Luhn.
func ValidCard(s string) bool {
	if len(s) < 13 || len(s) > 19 || strings.Trim(s, "0") == "" {
		return false
	}
	sum := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		d := int(s[i] - '0')
		if (len(s)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

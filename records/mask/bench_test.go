package mask_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/servicecharter/charter/records/mask"
)

// BenchmarkText masks a page of free text with a number in each line, beside a walk over its characters.
func BenchmarkText(b *testing.B) {
	page := strings.Repeat("客户李雷来电（138-0013-8000），称 2025-03-03 14:30 起网络中断，工单 20250303，邮箱 li.lei@example.com。\n", 50)
	b.Run("Text", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		for b.Loop() {
			if mask.Text(page) == page {
				b.Fatal("nothing masked")
			}
		}
	})
	b.Run("characters alone", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		for b.Loop() {
			if utf8.RuneCountInString(page) == 0 {
				b.Fatal("nothing there")
			}
		}
	})
}

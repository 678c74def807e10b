package charter

import "github.com/servicecharter/charter/history"

// Text is a text in the languages of a handbook.
type Text struct {
	EN string `json:"en,omitempty"` // English
	ZH string `json:"zh,omitempty"` // Simplified Chinese
}

// In returns the text in the language of a BCP 47 tag: Simplified Chinese for
// "zh" and whatever begins with "zh-", English for all others. Where the one
// is missing it returns the other.
func (t Text) In(language string) string {
	if history.IsChinese(language) && t.ZH != "" || t.EN == "" {
		return t.ZH
	}
	return t.EN
}

// IsZero reports whether the text is empty in every language.
func (t Text) IsZero() bool { return t == Text{} }

func (r *reader) both(v at) (t Text) {
	o := r.object(v, "en", "zh")
	t = Text{o.text("en"), o.text("zh")}
	if o.ok && len(v.members) == 0 {
		r.fail(v, "%w: want a text in en, zh or both", ErrMissing)
	}
	return t
}

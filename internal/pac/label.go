package pac

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

var special = strings.NewReplacer(":", "-", "/", "-", " ", "_", "[", "__", "]", "__")

// Label returns a text as Pipelines-as-Code writes it into the value of a label. What a
// label may not contain is replaced or dropped, and of a long text only the end is kept.
func Label(s string) string {
	if len(validation.IsValidLabelValue(s)) == 0 {
		return s
	}
	s = special.Replace(strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_:/ []", r)) {
			return r
		}
		return -1
	}, s))
	s = strings.Trim(s, ".-_")
	if len(s) > validation.LabelValueMaxLength {
		s = s[len(s)-validation.LabelValueMaxLength:]
	}
	return strings.TrimLeft(s, ".-_")
}

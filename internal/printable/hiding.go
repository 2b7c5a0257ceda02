package printable

import (
	"io"
	"regexp"
	"strings"
	"sync"
)

// Hiding returns a writer that passes on what is written at once after it has been hidden
// from: hide returns a text without what must not be shown. Hide never sees the escape
// sequences of styles, which would touch the words behind them.
func Hiding(w io.Writer, hide func(string) string) io.Writer {
	if hide == nil {
		return w
	}
	return hiding{w, hide}
}

type hiding struct {
	w    io.Writer
	hide func(string) string
}

func (h hiding) Write(p []byte) (int, error) {
	text, last := string(p), 0
	if strings.IndexByte(text, '\x1b') < 0 {
		text = h.hide(text)
	} else {
		var b strings.Builder
		for _, at := range style().FindAllStringIndex(text, -1) {
			b.WriteString(h.hide(text[last:at[0]]) + text[at[0]:at[1]])
			last = at[1]
		}
		text = b.String() + h.hide(text[last:])
	}
	if _, err := io.WriteString(h.w, text); err != nil {
		return 0, err
	}
	return len(p), nil
}

// style matches the escape sequences that programs write with this package.
var style = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`) })

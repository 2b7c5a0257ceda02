package fix_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/fix"
	"github.com/tekwright/tekwright/pkg/diag"
)

// TestPlaces compares lines and columns with those that are counted one by one.
func TestPlaces(t *testing.T) {
	for _, text := range []string{"", "a", "a\nbc\n\nd", "\ufeffab\ncd", "ö\nxöy\r\n", strings.Repeat("aö", 300) + "\n" + strings.Repeat("x", 700) + "\nend"} {
		p := fix.NewPlaces(text)
		line, column := 1, 1
		for i, r := range text {
			if i == 0 && r == '\ufeff' {
				continue
			}
			l, c := p.At(i)
			assert.Equal(t, [2]int{line, column}, [2]int{l, c}, "%.20q at %d", text, i)
			assert.Equal(t, i, p.Offset(diag.Position{Line: line, Column: column}), "%.20q at %d:%d", text, line, column)
			if column++; r == '\n' {
				line, column = line+1, 1
			}
		}
		l, c := p.At(len(text))
		assert.Equal(t, [2]int{line, column}, [2]int{l, c}, "end of %.20q", text)
		assert.Equal(t, 0, p.Offset(diag.Position{Line: line + 1, Column: 1}))
		assert.Equal(t, 0, p.Offset(diag.Position{}))
	}
}

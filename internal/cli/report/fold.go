package report

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/pkg/diag"
)

// tall is the number of lines, three screens, above which repeated findings are folded.
const tall = 150

// detail is how much of the findings is shown.
type detail int

// The details, from everything to the least. All but the first fold repeated findings.
const (
	everything   detail = iota // each finding as a whole
	three                      // the first three of each kind
	one                        // the first of each kind
	wholeErrors                // as before, but only a line for a warning or a note
	singleErrors               // as before, and an error without its line and related places
)

// kind is what folded findings have in common: errors the code and the pattern of the
// message, because two messages are two mistakes, and all others the code.
type kind struct {
	severity      diag.Severity
	code, pattern string
}

// folded are the findings of one kind, in order.
type folded []diag.Finding

// patterns is the maximum number of kinds of errors with one code. Texts of other
// programs, such as a compiler of CEL, may have any number of patterns.
const patterns = 10

// fold returns findings by kind. Those with the same code are next to each other.
func fold(findings diag.Findings) []folded {
	kinds := map[kind]int{}
	codes := map[kind]int{} // the order in which they occur
	several := map[string]int{}
	var sizes []int
	of := make([]int, len(findings))
	for n := range findings {
		f := &findings[n]
		k := kind{severity: f.Severity, code: f.Code}
		if _, ok := codes[k]; !ok {
			codes[k] = len(codes)
		}
		if f.Severity == diag.Error {
			k.pattern = pattern(f.Message)
			if _, ok := kinds[k]; !ok && several[f.Code] == patterns {
				k.pattern = ""
			}
		}
		i, ok := kinds[k]
		if !ok {
			several[f.Code]++
			i = len(sizes)
			kinds[k] = i
			sizes = append(sizes, 0)
		}
		of[n] = i
		sizes[i]++
	}
	all := make([]folded, len(sizes))
	for i, size := range sizes {
		all[i] = make(folded, 0, size)
	}
	for n, i := range of {
		all[i] = append(all[i], findings[n])
	}
	slices.SortStableFunc(all, func(a, b folded) int {
		return cmp.Compare(codes[kind{severity: a[0].Severity, code: a[0].Code}], codes[kind{severity: b[0].Severity, code: b[0].Code}])
	})
	return all
}

// blank stands for a name, a value, a variable or a number of a message.
const blank = "…"

// pattern returns a message without what differs between two places with the same mistake:
// quoted texts, variables, numbers, and how many there are in a list.
func pattern(message string) string {
	b := make([]byte, 0, len(message))
	for i := 0; i < len(message); {
		n := variable(message[i:])
		if n == 0 || message[i] == '\'' && i > 0 && message[i-1] != ' ' && message[i-1] != '(' { // an apostrophe

			b = append(b, message[i])
			i++
			continue
		}
		i += n
		for _, separator := range []string{", ", " and ", " or ", ""} {
			if before, ok := bytes.CutSuffix(b, []byte(blank+separator)); ok {
				b = before
				break
			}
		}
		b = append(b, blank...)
	}
	return string(b)
}

// variable returns the length of a quoted text, a variable or a number at the beginning of
// a text, 0 if there is none.
func variable(text string) int {
	switch c := text[0]; {
	case c == '"':
		return quoted(text)
	case c == '\'' || c == '`': // as CEL quotes names
		return quoted(text)
	case c >= '0' && c <= '9':
		return len(text) - len(strings.TrimLeft(text, "0123456789."))
	case strings.HasPrefix(text, "$("):
		return strings.IndexByte(text, ')') + 1
	}
	return 0
}

// files returns in how many files findings are.
func files(findings []diag.Finding) int {
	all := map[string]bool{}
	for _, f := range findings {
		all[f.Position.File] = true
	}
	return len(all)
}

// errTall is the error of a measure.
var errTall = errors.New("more lines than fit")

// measure counts lines, up to a limit.
type measure struct{ lines, limit int }

func (m *measure) Write(b []byte) (int, error) {
	if m.lines += bytes.Count(b, []byte{'\n'}); m.lines > m.limit {
		return 0, errTall
	}
	return len(b), nil
}

// fits reports whether an output has at most as many lines as are tall.
func (p *printer) fits(write func(p *printer)) bool {
	sheet := *p
	sheet.w = &measure{limit: tall}
	write(&sheet)
	return sheet.err == nil
}

var _ io.Writer = &measure{}

package secrets

import (
	"regexp"
	"strings"
	"sync"
)

// comparison matches a name and the constant that an expression of CEL compares it with.
var comparison = sync.OnceValue(func() *regexp.Regexp {
	const quote, constant = `\\?["']`, `([^"'\\\n]+)`
	const name = `(?:\.([\w-]+)|\[\s*` + quote + `([\w.-]+)` + quote + `\s*\]|\(\s*` + quote + `([\w-]+)` + quote + `\s*\))`
	return regexp.MustCompile(name + `\s*[!=]=\s*` + quote + constant + quote + // body.token == 'VALUE'
		`|\.match\(\s*` + quote + `([\w-]+)` + quote + `\s*,\s*` + quote + constant + quote + // header.match('X-Token', 'VALUE')
		`|` + quote + constant + quote + `\s*[!=]=\s*[\w.]*` + name + // 'VALUE' == header['X-Token']
		`|(?:^|[^.\w])compareSecret\(\s*` + quote + constant + quote +
		`|` + quote + constant + quote + `\s*\.\s*compareSecret\(`)
})

// beside is the number of bytes on each side of an operator in which its name and its
// constant are looked for.
const beside = 256

// compared returns the constants that expressions of CEL compare with what sounds like a
// secret.
func compared(text string) map[string]bool {
	var all map[string]bool
	look := func(window string) {
		if hasSecretWord(window) && strings.ContainsAny(window, `"'`) {
			all = comparedIn(all, window)
		}
	}
	// Operators that stand side by side are looked at together: each byte is matched once.
	from, to := 0, 0
	for i := 0; i < len(text); {
		at := nextComparison(text[i:])
		if at < 0 {
			break
		}
		if begin := max(0, i+at-beside); begin > to {
			look(text[from:to])
			from = begin
		}
		i += at + 2
		to = min(len(text), i+beside)
	}
	look(text[from:to])
	return all
}

// nextComparison returns the offset of the next operator or function that compares; -1 if
// there is none.
func nextComparison(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '=':
			if i > 0 && (text[i-1] == '=' || text[i-1] == '!') && comparesConstant(text[:i-1], text[i+1:]) && hasSecretWord(operands(text, i-1, i+1)) {
				return i
			}
		case '(':
			if strings.HasSuffix(text[:i], ".match") || strings.HasSuffix(text[:i], "compareSecret") {
				return i
			}
		}
	}
	return -1
}

// operands returns the text around an operator in which its name is looked for.
func operands(text string, from, to int) string {
	const near = beside / 2
	return text[max(0, from-near):min(len(text), to+near)]
}

// comparesConstant reports whether there may be a name and a constant on the sides of an
// operator. A shell compares texts in quotes on both.
func comparesConstant(before, after string) bool {
	before, after = strings.TrimRight(before, " \t\n"), strings.TrimLeft(after, " \t\n")
	if before == "" || after == "" {
		return false
	}
	b, a := before[len(before)-1], after[0]
	quotedBefore, quotedAfter := b == '"' || b == '\'', a == '"' || a == '\'' || a == '\\'
	return quotedBefore != quotedAfter
}

func comparedIn(all map[string]bool, text string) map[string]bool {
	for _, m := range comparison().FindAllStringSubmatch(text, -1) {
		name, value := m[1]+m[2]+m[3]+m[5]+m[8]+m[9]+m[10], m[4]+m[6]+m[7]
		if value == "" {
			name, value = "secret-password", m[11]+m[12]
		}
		if len(value) >= short && sounds(name, value, fieldName) && Valued(name, value) {
			if all == nil {
				all = map[string]bool{}
			}
			all[value] = true
		}
	}
	return all
}

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
			if i > 0 && (text[i-1] == '=' || text[i-1] == '!') && comparesSecret(text[max(0, i-1-operand):i-1], text[i+1:min(len(text), i+1+operand)]) {
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

// operand is the number of bytes on each side of an operator in which its name is.
const operand = beside / 2

// comparesSecret reports whether there may be a constant on one side of an operator, and
// the name of a secret on the other. A shell compares texts in quotes on both, and awk
// compares variables. What it lets through is matched by the expression, which is slow.
func comparesSecret(before, after string) bool {
	before, after = strings.TrimRight(before, blanks), strings.TrimLeft(after, blanks)
	if before == "" || after == "" {
		return false
	}
	b, a := before[len(before)-1], after[0]
	quotedBefore, quotedAfter := b == '"' || b == '\'', a == '"' || a == '\'' || a == '\\'
	if quotedBefore == quotedAfter {
		return false
	}
	if quotedAfter {
		return maySound(nameBefore(before))
	}
	end := 0
	for end < len(after) && (isLetter(after, end) || after[end] == '.') {
		end++
	}
	if strings.IndexByte(after[:end], '.') < 0 && (end == len(after) || after[end] != '[' && after[end] != '(') {
		return false // a word
	}
	return maySound(after)
}

// nameBefore returns the name at the end of a text, as comparison matches it: .NAME, ["NAME"]
// or ("NAME"). It is empty if there is none.
func nameBefore(text string) string {
	inQuotes := strings.HasSuffix(text, "]") || strings.HasSuffix(text, ")")
	if inQuotes {
		text = strings.TrimRight(text[:len(text)-1], blanks)
		if !strings.HasSuffix(text, `"`) && !strings.HasSuffix(text, "'") {
			return ""
		}
		text = strings.TrimSuffix(text[:len(text)-1], `\`)
	}
	begin := len(text)
	for begin > 0 && (isLetter(text, begin-1) || text[begin-1] == '-' || inQuotes && text[begin-1] == '.') {
		begin--
	}
	if !inQuotes && begin > 0 && text[begin-1] != '.' {
		return "" // a variable
	}
	return text[begin:]
}

// maySound reports whether a text may have a name that sounds like a secret: also sk, which
// is too short to be looked for in all texts.
func maySound(name string) bool {
	return hasSecretWord(name) || strings.Contains(strings.ToLower(name), "sk")
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

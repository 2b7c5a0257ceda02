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

// compared returns the constants that expressions of CEL compare with what sounds like a
// secret.
func compared(text string) map[string]bool {
	if !strings.Contains(text, "==") && !strings.Contains(text, "!=") && !strings.Contains(text, ".match(") && !strings.Contains(text, "compareSecret") || !hasSecretWord(text) {
		return nil
	}
	all := map[string]bool{}
	for _, m := range comparison().FindAllStringSubmatch(text, -1) {
		name, value := m[1]+m[2]+m[3]+m[5]+m[8]+m[9]+m[10], m[4]+m[6]+m[7]
		if value == "" {
			name, value = "secret-password", m[11]+m[12]
		}
		if len(value) >= short && sounds(name, value, fieldName) && Valued(name, value) {
			all[value] = true
		}
	}
	return all
}

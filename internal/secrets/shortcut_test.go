package secrets

import (
	"math/rand"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// randomTexts returns texts of random fragments.
func randomTexts(fragments ...string) []string {
	random := rand.New(rand.NewSource(1))
	var all []string
	for range 20_000 {
		var b strings.Builder
		for range 1 + random.Intn(10) {
			b.WriteString(fragments[random.Intn(len(fragments))])
		}
		all = append(all, b.String())
	}
	return all
}

// TestPassages compares with the expression on the whole text.
func TestPassages(t *testing.T) {
	found := 0
	for _, text := range randomTexts("token", "my_password", "api-key", "authorization", "=", ":", " ", "\n", `"`, `'`, `\`, "$", "&", "--", "x", "X1y2", "bearer ") {
		var want, got [][]int // the names and the values
		for _, m := range assigned().FindAllStringSubmatchIndex(text, -1) {
			want = append(want, m[2:])
		}
		for from, to := range passages(text) {
			for _, m := range assigned().FindAllStringSubmatchIndex(text[from:to], -1) {
				for i := range m {
					if m[i] >= 0 {
						m[i] += from
					}
				}
				got = append(got, m[2:])
			}
		}
		assert.Equal(t, want, got, "%q", text)
		found += len(want)
	}
	assert.Greater(t, found, 300)
}

func TestEmbeds(t *testing.T) {
	expression, found := regexp.MustCompile(`(?is)kind["'\\]*\s*:\s*["'\\]*secret\b`), 0
	for _, text := range randomTexts("kind", "KIND", ":", " ", "\n", `"`, `\"`, "'", "secret", "Secret", "s", "_") {
		want := expression.MatchString(text)
		assert.Equal(t, want, embeds(text), "%q", text)
		if want {
			found++
		}
	}
	assert.Greater(t, found, 100)
}

// TestCompared compares with the expression on the whole text, which has secret words and
// is short enough to be one passage.
func TestCompared(t *testing.T) {
	found := 0
	for _, text := range randomTexts("body.token", "header['X-Token']", ".match('token',", "compareSecret(", "==", "!=", " ", "'s3cr3t-value-1'", `"s3cr3t-value-2"`, ")", "&&", "\n", "body.name",
		`["api-key"]`, "('my.password' )", ".get('token')", `[\"pw\"]`, "[0]", ".", "\r", "token", `"$AUTH"`) {
		want := comparedIn(nil, text)
		assert.Equal(t, want, compared(text), "%q", text)
		found += len(want)
	}
	assert.Greater(t, found, 300)

	far := strings.Repeat(" ", 3*beside)
	text := far + "body.token == 's3cr3t-value-1'" + far + "body.token == 's3cr3t-value-2'" + far
	assert.Equal(t, map[string]bool{"s3cr3t-value-1": true, "s3cr3t-value-2": true}, compared(text))

	assert.Equal(t, map[string]bool{"abcd1234EFGH": true}, compared(`body.token != '' && body.sk == "abcd1234EFGH"`))
	for _, text := range []string{
		`[ "$AUTH_BOUND" != true ] || use_auth`, `[ "$TOKEN" = "$OTHER" ]`, `if (key == "name") value = 1`, `label[depth - 1] == "key"`,
		`substr(KEYS["a"], 1) == "x"`, `body.name == "key"`, `"key" == name`,
	} {
		assert.Negative(t, nextComparison(text), "%q", text)
	}
}

// A text that is plain is the same between quotes.
func TestPlain(t *testing.T) {
	for _, text := range []string{"", " ", "a b~", "a\"b", `a\b`, "a\n", "\x7f", "é", "\xff", "'`"} {
		quoted := strconv.Quote(text)
		if quoted = quoted[1 : len(quoted)-1]; unquoted(text) != quoted || isPlain(text) && quoted != text {
			t.Errorf("%q: unquoted %q, isPlain %v", text, unquoted(text), isPlain(text))
		}
	}
}

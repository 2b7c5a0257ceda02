package secrets_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/secrets"
)

// TestMaskOfManyValues tests that a mask with very many values hides the same in the first
// messages, for which it searches the values, as in later ones.
func TestMaskOfManyValues(t *testing.T) {
	var values []string
	for i := range 2000 {
		values = append(values, fmt.Sprintf("Zx%dq-b%d", i, i*7))
	}
	texts := map[string]string{
		`the value "Zx17q-b119" is not a number`: `the value "***-***" is not a number`,
		"Zx1999q and b13993, not Zx2000q":        "*** and ***, not Zx2000q",
		"Zx17qq b119":                            "Zx17qq ***",
		"no value":                               "no value",
		"":                                       "",
	}
	m := secrets.NewMask(values)
	for round := range 20 {
		for text, want := range texts {
			assert.Equal(t, want, m.Text(text, false), "in round %d", round)
		}
		more := fmt.Sprintf("new words %d of Zx%dq", round, round)
		assert.Equal(t, strings.Replace(more, fmt.Sprintf("Zx%dq", round), "***", 1), m.Text(more, false))
	}
}

package tasktest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSameJSON: a value in JSON may be escaped in any way, and must be the same text.
func TestSameJSON(t *testing.T) {
	const first = `{"text": "for tasktest-benign", "list": [1, "tasktest-benign"]}`
	for _, value := range HostileValues() {
		text := map[string]any{"text": "for " + value, "list": []any{1, value}}
		got, err := json.Marshal(text)
		require.NoError(t, err)
		assert.True(t, sameJSON(first, string(got), benign, value), value)
		text["list"] = []any{1, value + "!"}
		got, err = json.Marshal(text)
		require.NoError(t, err)
		assert.False(t, sameJSON(first, string(got), benign, value), value)
	}
	assert.True(t, sameJSON(first, `{"list":[1,"\u00fc"],"text":"for \u00fc"}`, benign, "ü"))
	assert.False(t, sameJSON(first, `{"text": "for "", "list": [1, """]}`, benign, `"`))
	assert.False(t, sameJSON("a "+benign, "a b", benign, "b"))
}

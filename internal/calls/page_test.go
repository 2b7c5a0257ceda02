package calls_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/calls"
	"github.com/tekwright/tekwright/internal/golden"
)

// TestPage compares the page with the tables, and shows that it has each field.
func TestPage(t *testing.T) {
	page := calls.Page()
	golden.Check(t, "../../docs/import-fields.md", []byte(page))
	for _, table := range []map[string]string{calls.Builder, calls.Triggers} {
		for _, key := range slices.Sorted(maps.Keys(table)) {
			name := key[strings.LastIndexByte(key, '.')+1:]
			assert.Regexp(t, "[`{,.]"+regexp.QuoteMeta(name)+"[`},]", page, key)
		}
	}
	assert.Less(t, strings.Count(page, "\n"), 400, "lines")
}

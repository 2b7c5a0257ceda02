package discovery_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/internal/discovery"
)

func TestPatterns(t *testing.T) {
	for line, want := range map[string]bool{
		"charts a/charts/b.yaml":    true, // a folder at any depth
		"charts a/chart/b.yaml":     false,
		"charts/ charts":            true,
		"*.gen.yaml a/b/x.gen.yaml": true,
		"a/*.yaml a/x.yaml":         true,
		"./a/*.yaml a/x.yaml":       true,
		"a/*.yaml ./a/x.yaml":       true,
		"a/*.yaml a/b/x.yaml":       false,
		"a/*.yaml b/a/x.yaml":       false,
		"a/** a/b/x.yaml":           true,
		"a/**/x.yaml a/x.yaml":      true,
		"a/**/x.yaml a/b/c/x.yaml":  true,
		"**/a/x.yaml b/a/x.yaml":    true,
		"/tmp/x /tmp/x/y.yaml":      true,
		"[ab] c/b":                  true,
	} {
		pattern, path, _ := strings.Cut(line, " ")
		p := discovery.Patterns{"other", pattern}
		assert.NoError(t, p.Check(), line)
		assert.Equal(t, want, p.Match(path), line)
	}
	assert.ErrorContains(t, discovery.Patterns{"a/[b"}.Check(), `the pattern "a/[b" is malformed`)
	assert.Error(t, discovery.Patterns{""}.Check())
}

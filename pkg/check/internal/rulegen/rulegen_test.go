package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// TestCurrent checks that the generated files are up to date.
func TestCurrent(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, write(filepath.Join(dir, "codes.go"), filepath.Join(dir, "rules.md"), filepath.Join(dir, "config.schema.json")))
	for made, file := range map[string]string{
		"codes.go": "../../codes.go", "rules.md": "../../../../docs/rules.md", "config.schema.json": "../../../../docs/config.schema.json",
	} {
		want, err := os.ReadFile(filepath.Join(dir, made))
		require.NoError(t, err)
		got, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(want), strings.ReplaceAll(string(got), "\r\n", "\n"), "%s is stale: go generate ./pkg/check", file)
	}
	assert.Error(t, write(filepath.Join(dir, "no", "codes.go"), filepath.Join(dir, "rules.md"), filepath.Join(dir, "config.schema.json")))
}

// TestConstants checks that a constant has the text and the code of its rule.
func TestConstants(t *testing.T) {
	r, ok := check.Lookup(check.ParamMissing)
	require.True(t, ok)
	source, err := goFile([]*rule.Rule{r})
	require.NoError(t, err)
	assert.Contains(t, string(source), "// ParamMissing is param-missing: "+r.Doc().Summary+".\n")
	assert.Contains(t, string(source), "\nconst ParamMissing = \"param-missing\"\n")
}

func TestConstantNames(t *testing.T) {
	for code, want := range map[string]string{
		"cycle": "Cycle", "param-missing": "ParamMissing", "yaml-invalid": "YAMLInvalid", "stepaction-external": "StepActionExternal",
	} {
		assert.Equal(t, want, constant(code))
	}
}

func TestFilled(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("word ", 20))
	assert.Equal(t, []string{"one two", "- a b", "- c"}, filled("one\ntwo\n- a\nb\n- c"))
	assert.Equal(t, []string{long[:74], long[75:]}, filled(long))
	assert.Equal(t, []string{"- " + long[:74], "  " + long[75:]}, filled("- "+long))
}

func TestPage(t *testing.T) {
	page := string(pageOf([]*rule.Rule{{
		Code: "a-b", Topic: "params", Severity: diag.Warning,
		Text: "# a-b: one | two\n\nProfile: {complete: true}\n\nText.\n\n## Bad\n\n```yaml\nbad\n```\n\n## Good\n\n```yaml\ngood\n```\n",
	}}))
	assert.Contains(t, page, "\n## Params\n")
	assert.Contains(t, page, "| [a-b](#a-b) | warning | one \\| two |\n")
	assert.Contains(t, page, "\n### a-b\n\n**warning**: one | two.\n\nText.\n")
	assert.Contains(t, page, "\nBad, with the profile `{complete: true}`:\n\n```yaml\nbad\n```\n\nGood:\n\n```yaml\ngood\n```\n")
	assert.NotContains(t, page, "## Results")
}

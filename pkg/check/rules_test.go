package check_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

var (
	kebab    = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	ruleForm = regexp.MustCompile(`^# ([a-z-]+): .+\n\nSeverity: (error|warning|note)\nTopic: [a-z]+\n(Profile: \{.+\}\n)?\n` +
		`(?:[^\n]+\n|\n)+\n## Bad\n\n` + "```yaml\n(?s:.+)```\n\n## Good\n\n```yaml\n(?s:.+)```\n$")
)

// TestRuleFiles holds the files of the rules against the form that parseRule
// reads, and their texts against the rules of the house.
func TestRuleFiles(t *testing.T) {
	files, err := filepath.Glob("rules/*")
	require.NoError(t, err)
	require.Len(t, check.Rules(), len(files))
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			found := ruleForm.FindSubmatch(text)
			require.NotNil(t, found, "not of the form of param-missing.md: title, Severity, Topic, perhaps Profile, text, ## Bad, ## Good")
			code := string(found[1])
			assert.Equal(t, code+".md", filepath.Base(file))
			assert.Regexp(t, kebab, code)

			r, ok := check.RuleOf(code)
			require.True(t, ok)
			assert.Equal(t, found[2], []byte(r.Severity.String()), "a line Profile that cannot be read?")
			assert.Contains(t, check.Topics(), r.Topic)
			assert.Regexp(t, `^([a-z]|[A-Z]{2}|[A-Z]\w+[A-Z])`, r.Summary, "a summary is in lower case")
			assert.False(t, strings.HasSuffix(r.Summary, "."), "a summary has no full stop")
			assert.LessOrEqual(t, len(r.Summary), 90)
			assert.NoError(t, r.Profile.Validate())
			assert.True(t, strings.HasSuffix(r.Doc, ".") || strings.HasSuffix(r.Doc, "`"), "the text is sentences")
			for _, line := range strings.Split(r.Doc, "\n") {
				assert.LessOrEqual(t, len(line), 90, line)
			}
			assert.NotContains(t, r.Doc, "```")
			assert.NotEqual(t, r.Bad, r.Good)
			assert.Nil(t, r.Check)
		})
	}
}

// TestRuleExamples shows that each bad example is reported by its rule, and by
// no other one as an error, and that each good one is fine.
func TestRuleExamples(t *testing.T) {
	for _, r := range check.Rules() {
		t.Run(r.Code, func(t *testing.T) {
			fires := false
			for _, f := range findings(r, r.Bad) {
				assert.True(t, f.Code == r.Code || f.Severity != diag.Error, "the bad example has another fault: %v", f)
				fires = fires || f.Code == r.Code && f.Severity == r.Severity
			}
			assert.True(t, fires, "the bad example is not reported as %v: %v", r.Severity, findings(r, r.Bad))
			for _, f := range findings(r, r.Good) {
				assert.True(t, f.Code != r.Code && f.Severity != diag.Error, "the good example: %v", f)
			}
		})
	}
}

// findings are those of a text, of its reader and of the rules.
func findings(r check.Rule, yaml string) diag.Findings {
	objects, found := manifest.Parse([]byte(yaml), r.Code+".yaml")
	return append(slices.Clone(found), runAll(objects, r.Profile)...)
}

func TestRuleOf(t *testing.T) {
	r, ok := check.RuleOf("param-missing")
	require.True(t, ok)
	assert.Equal(t, "param-missing", r.Code)
	assert.Equal(t, diag.Error, r.Severity)
	assert.Equal(t, "params", r.Topic)
	_, ok = check.RuleOf("param-missin")
	assert.False(t, ok)

	rules := check.Rules()
	rules[0] = check.Rule{}
	assert.NotEqual(t, check.Rule{}, check.Rules()[0], "the list belongs to its caller")
}

// TestRulesReadAlike: constants and texts have no two spellings of one code.
func TestRulesReadAlike(t *testing.T) {
	seen := map[string]string{}
	for _, r := range check.Rules() {
		folded := strings.ReplaceAll(r.Code, "-", "")
		assert.Empty(t, seen[folded], "%s and %s differ in - only", r.Code, seen[folded])
		seen[folded] = r.Code
		assert.Empty(t, seen[r.Summary], "%s and %s have one summary", r.Code, seen[r.Summary])
		seen[r.Summary] = r.Code
	}
}

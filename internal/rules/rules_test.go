package rules_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// byReaders are the rules without a Run, with the reason. They find mistakes outside of
// objects, which manifest.Parse reports.
var byReaders = map[string]string{
	"document-limit":        "a document that is too large is not decoded",
	"key-duplicate":         "an object has no duplicate keys",
	"suppression-unused":    "package check knows it when all other rules are done",
	"pac-separator-ignored": "an object does not keep what separates it from others",
	"object-untyped":        "a document without a kind is not an object",
	"template-unrendered":   "the text is not YAML",
	"value-type":            "an object does not keep the spelling of its values",
	"yaml-invalid":          "the text is not YAML",
}

var (
	kebab    = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	ruleForm = regexp.MustCompile(`^# ([a-z-]+): .+\n\n(Profile: \{.+\}\n\n)?` +
		`(?:[^\n]+\n|\n)+\n## Bad\n\n` + "```yaml\n(?s:.+)```\n\n## Good\n\n```yaml\n(?s:.+)```\n$")
)

// TestRules checks the form of each rule, of its files and of its text.
func TestRules(t *testing.T) {
	files := map[string]bool{}
	for _, r := range rules.All() {
		t.Run(r.Code, func(t *testing.T) {
			assert.Regexp(t, kebab, r.Code)
			assert.True(t, r.Severity.IsValid())
			assert.Contains(t, rules.Topics(), r.Topic)
			if _, listed := byReaders[r.Code]; listed {
				assert.Nil(t, r.Run)
			} else {
				assert.NotNil(t, r.Run, "nothing reports it; see byReaders")
			}
			for _, code := range r.Supersedes {
				assert.NotNil(t, rules.Lookup(code), "it supersedes the unknown rule %s", code)
				assert.NotEqual(t, r.Code, code)
			}

			base := r.Topic + "/" + r.Code
			files[base+".md"], files[base+".yaml"] = true, true
			source, err := os.ReadFile(r.Topic + "/" + strings.ReplaceAll(r.Code, "-", "_") + ".go")
			require.NoError(t, err)
			assert.Regexp(t, `\n\tCode:\s+"`+r.Code+`",\n`, string(source))
			assert.Regexp(t, `\n\tTopic:\s+"`+r.Topic+`",\n`, string(source))
			text, err := os.ReadFile(base + ".md")
			require.NoError(t, err)
			assert.Equal(t, string(text), r.Text)
			goodText(t, r)

			cases, err := os.ReadFile(base + ".yaml")
			require.NoError(t, err, "it has no cases")
			assert.Regexp(t, `# want(.*["`+"`"+`])? `+r.Code+` `, string(cases), "no case wants it")
		})
	}
	for _, pattern := range []string{"*/*.md", "*/*.yaml"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range found {
			assert.True(t, files[filepath.ToSlash(file)], "%s does not belong to a rule of its folder", file)
		}
	}
}

// goodText checks the form of the text of a rule.
func goodText(t *testing.T, r *rule.Rule) {
	t.Helper()
	found := ruleForm.FindStringSubmatch(strings.ReplaceAll(r.Text, "\r\n", "\n"))
	require.NotNil(t, found, "not of the form of param-missing.md: title, optional Profile, text, ## Bad, ## Good")
	assert.Equal(t, r.Code, found[1])
	doc := r.Doc()
	assert.Regexp(t, `^([a-z]|[A-Z]{2}|[A-Z]\w+[A-Z])`, doc.Summary, "a summary is in lower case")
	assert.False(t, strings.HasSuffix(doc.Summary, "."), "a summary has no full stop")
	assert.LessOrEqual(t, len(doc.Summary), 90)
	assert.True(t, strings.HasSuffix(doc.Text, ".") || strings.HasSuffix(doc.Text, "`"), "the text is sentences")
	for line := range strings.SplitSeq(doc.Text, "\n") {
		assert.LessOrEqual(t, len(line), 90, line)
	}
	assert.NotContains(t, doc.Text, "```")
	assert.NotEqual(t, doc.Bad, doc.Good)
	p, err := check.ReadProfile([]byte(doc.Profile))
	require.NoError(t, err)
	assert.NoError(t, check.ValidateProfile(p))
}

// TestExamples checks that each rule reports its bad example, that no other rule
// reports it as an error, and that the good example has no errors.
func TestExamples(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.Code, func(t *testing.T) {
			doc, fires := r.Doc(), false
			bad := findings(t, r, doc.Bad)
			for _, f := range bad {
				wellFormed(t, f)
				assert.True(t, f.Code == r.Code || f.Severity != diag.Error, "the bad example has another error: %v", f)
				fires = fires || f.Code == r.Code && f.Severity == r.Severity
			}
			assert.True(t, fires, "the bad example is not reported as %v: %v", r.Severity, bad)
			for _, f := range findings(t, r, doc.Good) {
				assert.True(t, f.Code != r.Code && f.Severity != diag.Error, "the good example: %v", f)
			}
		})
	}
}

// findings returns the findings in an example, both of the reader and of the rules.
func findings(t *testing.T, r *rule.Rule, text string) diag.Findings {
	t.Helper()
	p, err := check.ReadProfile([]byte(r.Doc().Profile))
	require.NoError(t, err)
	objects, read := manifest.Parse([]byte(text), r.Code+".yaml")
	found, err := check.Run(context.Background(), objects, p)
	require.NoError(t, err)
	return append(slices.Clone(read), found...)
}

// TestRulesReadAlike checks that no two rules have nearly the same code, or the same
// summary.
func TestRulesReadAlike(t *testing.T) {
	seen := map[string]string{}
	for _, r := range rules.All() {
		folded := strings.ReplaceAll(r.Code, "-", "")
		assert.Empty(t, seen[folded], "%s and %s differ only in -", r.Code, seen[folded])
		seen[folded] = r.Code
		summary := r.Doc().Summary
		assert.Empty(t, seen[summary], "%s and %s have the same summary", r.Code, seen[summary])
		seen[summary] = r.Code
	}
}

// TestLookup checks that the list is sorted, and that each rule is found in it.
func TestLookup(t *testing.T) {
	for i, r := range rules.All() {
		assert.Same(t, r, rules.Lookup(r.Code))
		if i > 0 {
			assert.Less(t, rules.All()[i-1].Code, r.Code)
		}
	}
	assert.Nil(t, rules.Lookup("param-missin"))
	assert.Nil(t, rules.Lookup(""))
}

// TestLists checks that the list of a topic contains every rule of its folder.
func TestLists(t *testing.T) {
	sources, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	for _, file := range sources {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		if n := bytes.Count(source, []byte("&rule.Rule{")); n > 0 {
			assert.Equal(t, 1, n, "%s has more than one rule", file)
			code := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".go"), "_", "-")
			r := rules.Lookup(code)
			if assert.NotNil(t, r, "%s is not in the list of its topic", file) {
				assert.Equal(t, r.Topic, filepath.Dir(file))
			}
		}
	}
}

package config_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/growth"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

// here changes to a new directory, and writes files there.
func here(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
}

// TestReadFaults tests that each mistake is an error with its place and what to do, and
// that all are reported at once.
func TestReadFaults(t *testing.T) {
	here(t, map[string]string{
		"bad.yaml": "apiFields: beta\nexclude: [a]\nseverities:\n  param-unusd: off\n", "sub/x": "",
		"large.yaml": "# " + strings.Repeat("x", 1<<20) + "\n",
	})
	for text, want := range map[string]string{
		"severites: {}":                   `c.yaml:1:1: unknown field "severites" | did you mean "severities"?`,
		"a: {}\nzzz: 1":                   `c.yaml:1:1: unknown field "a" | use a field of https`,
		"persona: [":                      `c.yaml:1:1: not valid YAML: missing value, or unclosed bracket | `,
		"- persona":                       `c.yaml:1:1: not a YAML map | use fields such as`,
		"x: {}\n---\ny: {}":               `c.yaml:3:1: a second document | use only one`,
		"\n\npersona: pedant":             `c.yaml:3:10: persona is "pedant" | did you mean "pedantic"?`,
		"persona: 1":                      `c.yaml:1:10: persona is 1 | use a string`,
		"complete: maybe":                 `c.yaml:1:11: complete is "maybe" | use true or false`,
		"complete: true\ncomplete: false": `c.yaml:2:1: "complete" is set twice | remove one; the other is in line 1`,
		"maxMatrix: -1":                   `c.yaml:1:12: maxMatrix is -1 | use a positive number, or remove it`,
		"maxFindings: 1":                  `c.yaml:1:1: maxFindings is a limit of one check, not of some files | use the flag --max-findings`,
		"pipelinesVersion: 0.53":          `c.yaml:1:19: pipelinesVersion is 0.53 | use a string`,
		"pipelinesVersion: v53":           `c.yaml:1:19: pipelinesVersion is "v53" | use a version such as v0.53.0`,
		"features: [enable-param-enum]\npipelinesVersion: v0.53.0": `c.yaml:2:19: the feature flag "enable-param-enum" exists since Tekton Pipelines v0.54, and pipelinesVersion is v0.53.0 | remove it`,
		"apiFields: bta":                                            `c.yaml:1:12: apiFields is "bta" | did you mean "beta"?`,
		"features: [a-b, enable-parm-enum]":                         `c.yaml:1:11: Tekton has no feature flag "enable-parm-enum" | did you mean "enable-param-enum"?`,
		"exists:\n- {kind: Task, name: a}\n- {kind: Taks, name: a}": `c.yaml:3:3: exists[1] has the unknown kind "Taks" | did you mean "Task"?`,
		"exists: [{kind: Task, nam: a}]":                            `c.yaml:1:23: exists has an unknown field "nam" | did you mean "name"?`,
		"severities: {param-unusd: off}":                            `c.yaml:1:14: unknown rule "param-unusd" | did you mean "param-unused"?`,
		"severities:\n  cycle: fatal":                               `c.yaml:2:10: the severity of "cycle" is "fatal" | use error, warning, note or off`,
		"severities: {cycle: on}":                                   `c.yaml:1:21: the severity of "cycle" is on | use error, warning, note or off`,
		"severities: [cycle]":                                       `c.yaml:1:13: severities is a list | use a map from codes`,
		"disabled: [cycle, no-such-rule-here]":                      `c.yaml:1:19: unknown rule "no-such-rule-here" | run "tekwright rules" to list the rules`,
		"disabled: cycle":                                           `c.yaml:1:11: disabled is "cycle" | use a list of codes`,
		"exclude: testdata":                                         `c.yaml:1:10: exclude is "testdata" | use a list of patterns`,
		"exclude: [a, '[b']":                                        `c.yaml:1:14: the pattern "[b" is malformed: syntax error in pattern | `,
		"exclude: ['']":                                             `c.yaml:1:11: the pattern "" matches nothing | `,
		"exclude: [/charts/]":                                       `c.yaml:1:11: the pattern "/charts/" begins with a slash | patterns are relative to this file: use "charts/**" for a folder`,
		"exclude: ['!charts']":                                      `c.yaml:1:11: the pattern "!charts" begins with !, which does not negate it | list only what is meant`,
		"overrides: [{paths: ['*.{yaml,yml}']}]":                    `c.yaml:1:22: the pattern "*.{yaml,yml}" has braces, which do not stand for alternatives | use several patterns`,
		"exclude: [3]":                                              `c.yaml:1:11: an item of exclude is 3 | use a pattern of files and folders`,
		"exclude: [" + strings.Repeat("x", 257) + "]":               `c.yaml:1:11: a pattern is longer than 256 characters | use a shorter one`,
		"overrides: {}":                                             `c.yaml:1:12: overrides is a map | use a list of maps with paths`,
		"overrides: [a]":                                            `c.yaml:1:13: an item of overrides is "a" | use a map with paths`,
		"overrides:\n- severities: {cycle: off}":                    `c.yaml:2:3: an override has no paths | add the patterns`,
		"overrides:\n- paths: []":                                   `c.yaml:2:3: an override has no paths | add the patterns`,
		"overrides:\n- paths: a":                                    `c.yaml:2:10: paths is "a" | use a list of patterns`,
		"overrides:\n- paths: [a]\n  rules: {}":                     `c.yaml:3:3: an override has an unknown field "rules" | use "disabled"`,
		"overrides:\n- paths: [a]\n  persona: auditer":              `c.yaml:3:12: persona is "auditer" | did you mean "auditor"?`,
		"overrides:\n- paths: [a]\n  disabled: [cycl]":              `c.yaml:3:14: unknown rule "cycl" | did you mean "cycle"?`,
		"profile: {complete: true}":                                 `c.yaml:1:10: profile is a map | use the name of a file`,
		"profile: no.yaml":                                          `c.yaml:1:10: the profile "no.yaml" cannot be read: it does not exist | use the path of a file, relative to this one`,
		"profile: sub":                                              `c.yaml:1:10: the profile "sub" cannot be read: not a regular file | use the path`,
		"profile: large.yaml":                                       `c.yaml:1:10: the profile "large.yaml" cannot be read: larger than 1 MiB | use the path`,
		"profile: bad.yaml":                                         `bad.yaml:2:1: unknown field "exclude" | use a field of https`,
		"\xff":                                                      `c.yaml:1:1: not valid YAML: the file is not valid UTF-8 | `,
	} {
		c, err := config.Read("c.yaml", []byte(text))
		var found diag.Findings
		if !assert.ErrorAs(t, err, &found, text) {
			continue
		}
		assert.Nil(t, c)
		assert.Equal(t, "config-invalid", found[0].Code)
		assert.True(t, strings.HasPrefix(found[0].Position.String()+": "+found[0].Message+" | "+found[0].Help, want), "%s\nis %s: %s | %s\nnot %s", text, found[0].Position, found[0].Message, found[0].Help, want)
	}
	_, err := config.Read("c.yaml", []byte("profile: bad.yaml\na: 1\npersona: x\n"))
	var found diag.Findings
	require.ErrorAs(t, err, &found)
	assert.Len(t, found, 4, "%v", err)
	assert.Equal(t, "bad.yaml:4:3", found[1].Position.String())

	for _, text := range []string{"", "---\n", "# nothing\n", "{}", "severities:\ndisabled:\noverrides:\nexclude:\nprofile:\ncomplete:\n"} {
		c, err := config.Read("c.yaml", []byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, check.Profile{Disabled: nil}, c.Profile("a", check.Profile{}), text)
	}
	_, err = config.Read("c.yaml", []byte("severities: {mine: off}"), "mine")
	assert.NoError(t, err, "a rule of the user")
	c, err := config.Read("c.yaml", []byte("\nfeatures: [enable-the-future]"))
	require.NoError(t, err)
	assert.Equal(t, []string{`c.yaml:2:11: features has "enable-the-future", which is not a known feature flag and has no effect`}, c.Warnings)
}

// TestPrecedence tests which of several settings counts.
func TestPrecedence(t *testing.T) {
	here(t, map[string]string{
		"ci/cluster.yaml": `
complete: true
apiFields: alpha
features: [enable-param-enum]
exists: [{kind: Task, name: a}]
persona: auditor
severities: {cycle: note, param-extra: note, input-in-script: "off"}
`})
	c, err := config.Read("ci/c.yaml", []byte(`
apiFields: beta
exists: [{kind: Task, name: b}]
overrides:
  - paths: [samples]
    persona: regular
    severities: {cycle: warning, param-unused: off}
  - paths: ["samples/**/x.yaml", "*.json"]
    severities: {cycle: off, param-unused: error}
  - paths: [samples/strict]
    disabled: [param-extra]
severities: {cycle: error}
disabled: [param-missing]
profile: cluster.yaml
`))
	require.NoError(t, err)
	assert.Equal(t, "ci/cluster.yaml", c.ProfileFile)
	base := check.Profile{
		Coschedule: "disabled", TimeoutMinutes: new(5), Disabled: []string{"cycle", "key-unknown"}, Complete: false, MaxFindings: 7, Features: []string{"enable-artifacts"},
		Exists: []diag.ObjectRef{{Kind: "Secret", Name: "s"}}, Severities: map[string]diag.Severity{"param-missing": diag.Note, "param-extra": diag.Error},
	}
	before, err := json.Marshal(base)
	require.NoError(t, err)
	for file, want := range map[string]struct {
		persona    rule.Persona
		severities map[string]diag.Severity
		disabled   []string
	}{
		"ci/a.yaml":                {"auditor", map[string]diag.Severity{"cycle": 1, "param-extra": 3}, []string{"input-in-script", "key-unknown", "param-missing"}},
		"ci/samples/a.yaml":        {"regular", map[string]diag.Severity{"cycle": 2, "param-extra": 3}, []string{"input-in-script", "key-unknown", "param-missing", "param-unused"}},
		"ci/x/samples/x.yaml":      {"regular", map[string]diag.Severity{"cycle": 2, "param-extra": 3}, []string{"input-in-script", "key-unknown", "param-missing", "param-unused"}},
		"ci/samples/x.yaml":        {"regular", map[string]diag.Severity{"param-extra": 3, "param-unused": 1}, []string{"cycle", "input-in-script", "key-unknown", "param-missing"}},
		"ci/samples/strict/x.yaml": {"regular", map[string]diag.Severity{"param-unused": 1}, []string{"cycle", "input-in-script", "key-unknown", "param-extra", "param-missing"}},
		"ci/q/a.json":              {"auditor", map[string]diag.Severity{"param-extra": 3, "param-unused": 1}, []string{"cycle", "input-in-script", "key-unknown", "param-missing"}},
		"elsewhere/a.json":         {"auditor", map[string]diag.Severity{"param-extra": 3, "param-unused": 1}, []string{"cycle", "input-in-script", "key-unknown", "param-missing"}},
	} {
		p := c.Profile(file, base)
		assert.Equal(t, want.persona, p.Persona, file)
		assert.Equal(t, want.severities, p.Severities, file)
		assert.Equal(t, want.disabled, p.Disabled, file)
		assert.True(t, p.Complete)
		assert.Equal(t, "beta", p.APIFields)
		assert.Equal(t, "disabled", p.Coschedule)
		assert.Equal(t, 7, p.MaxFindings)
		assert.Equal(t, []string{"enable-param-enum"}, p.Features)
		assert.Equal(t, []diag.ObjectRef{{Kind: "Secret", Name: "s"}, {Kind: "Task", Name: "a"}, {Kind: "Task", Name: "b"}}, p.Exists)
	}
	after, err := json.Marshal(base)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after), "the base is not modified")
}

// TestBombs tests that no text takes more than its share of memory.
func TestBombs(t *testing.T) {
	bombs := growth.Bombs()
	many := strings.Repeat("cycle: off, ", 20_000)
	bombs["shared severities"] = "overrides:\n- &o {paths: [a], severities: {" + many + "}}\n" + strings.Repeat("- *o\n", 20_000)
	bombs["shared exists"] = "exists:\n- &e {kind: Task, name: a}\n" + strings.Repeat("- *e\n", 150_000)
	bombs["many patterns"] = "exclude: [" + strings.Repeat("a,", 200_000) + "a]\n"
	bombs["many mistakes"] = "disabled: [" + strings.Repeat("a,", 200_000) + "a]\n"
	bombs["deep"] = "overrides: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000)
	for name, bomb := range bombs {
		growth.Bounded(t, 200, name, func() {
			_, err := config.Read("c.yaml", []byte(bomb))
			var found diag.Findings
			assert.ErrorAs(t, err, &found, name)
			assert.LessOrEqual(t, len(found), 101, name)
		})
	}
}

// TestGrowth tests that a configuration with many overrides is read and applied in linear
// time.
func TestGrowth(t *testing.T) {
	if testing.Short() {
		t.Skip("reads large texts")
	}
	t.Chdir(t.TempDir())
	var b strings.Builder
	b.WriteString("overrides:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "- {paths: ['a%d/**', '**/b/*%d*.yaml'], severities: {cycle: off}}\n", i, i)
	}
	t.Run("files with many overrides", func(t *testing.T) {
		growth.Linear(t, 100, func(n int) func() {
			c, err := config.Read("c.yaml", []byte(b.String()))
			require.NoError(t, err)
			return func() {
				for i := range n {
					c.Settings(fmt.Sprintf("a%d/b/c%d.yaml", i, i))
				}
			}
		})
	})
	t.Run("severities", func(t *testing.T) {
		rules := check.Rules()
		growth.Linear(t, 400, func(n int) func() {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "- {paths: [a], severities: {%s: off}}\n", rules[i%len(rules)].Code)
			}
			text := strings.Replace("overrides:\n"+b.String(), "paths: [a]", "paths: [b]", 1)
			return func() { _, _ = config.Read("c.yaml", []byte(text)) }
		})
	})
	t.Run("configurations", func(t *testing.T) {
		growth.Linear(t, 20, func(n int) func() {
			dir := t.TempDir()
			for i := range n {
				sub := filepath.Join(dir, fmt.Sprint(i), "x", "y")
				require.NoError(t, os.MkdirAll(sub, 0o750))
				require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i), config.Name), []byte("disabled: [cycle]\n"), 0o600))
			}
			return func() {
				f := &config.Finder{}
				for i := range n {
					for j := range 3 {
						c, err := f.Of(filepath.Join(dir, fmt.Sprint(i), "x", "y", fmt.Sprint(j)))
						if c == nil || err != nil {
							t.Errorf("%v %v", c, err)
						}
					}
				}
			}
		})
	})
}

// FuzzRead reads any text. What it accepts applies to any file without a panic.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", "persona: pedantic\nseverities: {cycle: off}\nexclude: [a/**]\n", "overrides: [{paths: ['*.yaml'], disabled: [cycle]}]", "exists: [{kind: Task, name: '*'}]",
		"a: &a [*a]", "profile: x", "timeoutMinutes: 0", "{\"complete\": true}", "x: {{ y }}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "profile") {
			return // may be the name of any file
		}
		c, err := config.Read("c.yaml", []byte(text))
		var found diag.Findings
		if err != nil {
			require.ErrorAs(t, err, &found)
			for _, one := range found {
				assert.NotZero(t, one.Position.Line)
				assert.NotEmpty(t, one.Message)
			}
			return
		}
		p := c.Profile("a/b.yaml", check.Profile{})
		assert.NoError(t, check.ValidateProfile(p))
		for _, code := range p.Disabled {
			assert.NotContains(t, p.Severities, code)
		}
		c.Excludes("a/b.yaml")
	})
}

// TestSchema tests that the schema has exactly the fields that are read.
func TestSchema(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Description string }
		Defs       struct {
			Severities struct{ Properties map[string]any }
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(config.Schema(), &schema))
	want := []string{"baseline", "exclude", "overrides", "profile"}
	for f := range reflect.TypeFor[check.Profile]().Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" && name != "maxFindings" {
			want = append(want, name)
		}
	}
	var got []string
	for name, p := range schema.Properties {
		got = append(got, name)
		assert.NotEmpty(t, p.Description, name)
	}
	assert.ElementsMatch(t, want, got)
	assert.Len(t, schema.Defs.Severities.Properties, len(check.Rules())+len(check.OtherCodes()))
	// The reader knows the same, and the page has a table of them.
	page, err := os.ReadFile("../../docs/config.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(strings.ReplaceAll(string(page), "\r\n", "\n"), "\n## Fields\n")
	table, _, _ = strings.Cut(table, "\n## ")
	for _, name := range want {
		_, err := config.Read("c.yaml", []byte(name+": [{}]"))
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "unknown field \""+name, name)
		assert.Contains(t, table, "\n| `"+name+"` | "+schema.Properties[name].Description+" |\n", "docs/config.md")
	}
	assert.Equal(t, len(want), strings.Count(table, "\n| `"), "docs/config.md has a field that does not exist")
	_, err = config.Read("c.yaml", []byte("qqqqqqqqqqqqqqqq: 1"))
	assert.EqualError(t, err, "c.yaml:1:1: error config-invalid: unknown field \"qqqqqqqqqqqqqqqq\"\n\thelp: use a field of https://github.com/tekwright/tekwright/blob/main/docs/config.md#fields")
	published, err := os.ReadFile("../../docs/config.schema.json")
	require.NoError(t, err)
	assert.Equal(t, string(config.Schema()), strings.ReplaceAll(string(published), "\r\n", "\n"), "docs/config.schema.json is stale: go generate ./pkg/check")
}

// TestChoices tests that the schema accepts what the reader does.
func TestChoices(t *testing.T) {
	var schema struct {
		Properties map[string]struct{ Enum []string }
	}
	require.NoError(t, json.Unmarshal(config.Schema(), &schema))
	n := 0
	for name, p := range schema.Properties {
		for _, value := range p.Enum {
			n++
			_, err := config.Read("c.yaml", []byte(name+": "+value))
			assert.NoError(t, err)
		}
	}
	assert.Greater(t, n, 9)
	_, err := config.Read("c.yaml", []byte("coschedule: x\napiFields: x"))
	for _, name := range []string{"coschedule", "apiFields"} {
		for _, value := range schema.Properties[name].Enum {
			assert.ErrorContains(t, err, value)
		}
	}
}

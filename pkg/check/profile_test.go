package check_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

var fullProfile = check.Profile{
	Complete: true, DefaultServiceAccount: "ci", PipelinesVersion: "v1.3.0", APIFields: "alpha", Features: []string{"enable-param-enum"}, Coschedule: "disabled", MaxMatrix: 10,
	DisableInlineSpec: "pipelinerun,taskrun", ForbiddenEnv: []string{"HTTP_PROXY"}, TimeoutMinutes: new(30),
	Exists:     []diag.ObjectRef{{Kind: "Task", Name: "*"}, {APIVersion: "v1", Kind: "Secret", Namespace: "ci", Name: "login"}},
	Severities: map[string]diag.Severity{"input-in-script": diag.Error, "cycle": diag.Note, "param-extra": diag.Warning}, Disabled: []string{"param-unused"},
}

// TestReadProfile reads profiles that were written as JSON and as YAML.
func TestReadProfile(t *testing.T) {
	inJSON, err := json.Marshal(fullProfile)
	require.NoError(t, err)
	inYAML, err := yaml.Marshal(fullProfile)
	require.NoError(t, err)
	disabled := "disabled:\n- param-unused\n"
	require.Contains(t, string(inYAML), disabled)
	without := strings.Replace(string(inYAML), disabled, "", 1)
	for _, text := range []string{
		string(inJSON), string(inYAML),
		strings.Replace(without, "severities:\n", "severities:\n  param-unused: off\n", 1), // false in YAML 1.1
		strings.Replace(without, "severities:\n", "severities:\n  param-unused: 'off'\n", 1),
		strings.Replace(string(inYAML), "severities:\n", "severities:\n  param-unused: off\n", 1), // listed twice
	} {
		got, err := check.ReadProfile([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, fullProfile, got)
		assert.NoError(t, check.ValidateProfile(got))
	}
	for _, text := range []string{"", "{}", "---\n", "# nothing\n"} {
		got, err := check.ReadProfile([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, check.Profile{}, got)
	}
}

func TestReadProfileFaults(t *testing.T) {
	for text, want := range map[string]string{
		"complete: [":                    "profile: line 1: not valid YAML: ",
		"- complete":                     "profile: line 1: not a YAML map: ",
		"complete: true\ncomplete: true": `profile: line 2: "complete" is set twice: remove one; the other is in line 1`,
		"complete: true\n---\n{}":        "profile: line 3: a second document",
		"Complete: true":                 `profile: line 1: unknown field "Complete": did you mean "complete"?`,
		"rules: []":                      `unknown field "rules": `,
		"complete: maybe":                `complete is "maybe": use true or false`,
		"timeoutMinutes: many":           `timeoutMinutes is "many": use a number`,
		"maxMatrix: many":                `maxMatrix is "many": use a number`,
		"maxMatrix: 1.5":                 `maxMatrix is 1.5: use a number`,
		"apiFields: [beta]":              `apiFields is a list: use a string`,
		"features: enable-param-enum":    `features is "enable-param-enum": use a list of names`,
		"features: [yes]":                `an item of features is yes: use a string`,
		"exists: [Task]":                 `an item of exists is "Task": use an object with kind, name and an optional namespace`,
		"exists: [{kind: 1, name: a}]":   `exists.kind is 1: use a string`,
		"exists: [{Kind: Task, name: a, namespce: ci}]": `exists has an unknown field "namespce": did you mean "namespace"?`,
		"severities: [a]":                                `severities is a list: use a map from codes to error, warning, note or off`,
		"severities: {cycle: fatal}":                     `the severity of "cycle" is "fatal": use error, warning, note or off`,
		"severities: {cycle: true}":                      `the severity of "cycle" is true: use error, warning, note or off`,
		"disabled: {cycle: off}":                         `disabled is a map: use a list of codes`,
		"disabled: [1]":                                  `an item of disabled is 1: use a code`,
		"complete: maybe\nmaxMatrix: many\napiField: ''": `did you mean "apiFields"?`,
	} {
		_, err := check.ReadProfile([]byte(text))
		if assert.Error(t, err, text) {
			assert.Contains(t, err.Error(), want)
			assert.NotContains(t, err.Error(), "unmarshal")
			assert.NotContains(t, err.Error(), "json:")
		}
	}
	_, err := check.ReadProfile([]byte("complete: maybe\nmaxMatrix: many\napiField: ''"))
	assert.Equal(t, 2, strings.Count(err.Error(), "\n"), "all at once: %v", err)
}

func TestValidateProfile(t *testing.T) {
	look := func(*rule.Pass) {}
	p := check.Profile{
		APIFields: "bta", Coschedule: "workspace", MaxMatrix: -1, TimeoutMinutes: new(-1), DisableInlineSpec: "pipeline, task", Features: []string{"enable-parm-enum", "enable-the-future"},
		Exists:     []diag.ObjectRef{{Kind: "Task"}, {Name: "a"}, {Kind: "Task", Name: "*"}, {Kind: "Taks", Name: "a"}, {Kind: "task", Name: "a"}, {APIVersion: "example.com/v1", Kind: "Taks", Name: "a"}, {Kind: "Certificate", Name: "a"}},
		Severities: map[string]diag.Severity{"param-unsed": diag.Note, "mine": diag.Error, "cycle": 9},
		Disabled:   []string{"param-unusd", "mine", "each-missing"},
		Rules: []*rule.Rule{
			{Code: "mine", Run: look}, {Code: "mine", Run: look}, {Code: "param-missing", Run: look}, {Code: "My Rule", Run: look}, {Code: "idle"}, {Code: "rule-2", Run: look}, nil,
		},
	}
	assert.EqualError(t, check.ValidateProfile(p), strings.Join([]string{
		`profile: apiFields is "bta": did you mean "beta"?`,
		`profile: coschedule is "workspace": did you mean "workspaces"?`,
		`profile: maxMatrix is -1: use a positive number, or remove it`,
		`profile: timeoutMinutes is -1: use 0 or a positive number, or remove it`,
		`profile: disableInlineSpec is "task": use "pipeline", "pipelinerun" or "taskrun"`,
		`profile: Tekton has no feature flag "enable-parm-enum": did you mean "enable-param-enum"?`,
		`profile: exists[0] has no kind or no name: set both, or use the name "*" for all objects of a kind`,
		`profile: exists[1] has no kind or no name: set both, or use the name "*" for all objects of a kind`,
		`profile: exists[3] has the unknown kind "Taks": did you mean "Task"?`,
		`profile: exists[4] has the unknown kind "task": did you mean "Task"?`,
		`profile: severities sets "cycle" to 9, which is not a valid severity`,
		`profile: the rule code "mine" is used twice: rename your rule`,
		`profile: the rule code "param-missing" is used twice: rename your rule`,
		`profile: the rule code "My Rule" is not in kebab case: use a code such as param-missing`,
		`profile: the rule "idle" has no Run function`,
		`profile: rules contains nil`,
	}, "\n"))
	assert.Equal(t, []string{
		`profile: features has "enable-the-future", which is not a known feature flag and has no effect`,
		`profile: severities has "param-unsed", which is not a rule here: did you mean "param-unused"?`,
		`profile: disabled has "param-unusd", which is not a rule here: did you mean "param-unused"?`,
	}, check.ProfileWarnings(p))
	assert.EqualError(t, check.ValidateProfile(check.Profile{PipelinesVersion: "0.53"}), `profile: pipelinesVersion is "0.53": use a version such as v0.53.0`)
	assert.EqualError(t, check.ValidateProfile(check.Profile{PipelinesVersion: "v0.49.1", Coschedule: "disabled", DisableInlineSpec: "pipeline", Features: []string{"set-security-context", "enable-param-enum"}}), strings.Join([]string{
		`profile: coschedule exists since Tekton Pipelines v0.50, and pipelinesVersion is v0.49.1: remove it, or correct the version`,
		`profile: disableInlineSpec exists since Tekton Pipelines v0.59, and pipelinesVersion is v0.49.1: remove it, or correct the version`,
		`profile: the feature flag "enable-param-enum" exists since Tekton Pipelines v0.54, and pipelinesVersion is v0.49.1: remove it, or correct the version`,
	}, "\n"))
	assert.Empty(t, check.ProfileWarnings(check.Profile{Severities: map[string]diag.Severity{"each-missing": diag.Note}}), "a builder has it")
	assert.Empty(t, check.ProfileWarnings(fullProfile))
	assert.NoError(t, check.ValidateProfile(check.Profile{}))
	assert.NoError(t, check.ValidateProfile(fullProfile))
	assert.NotPanics(t, func() { _ = runAll([]object.Object{pasting("", nil)}, p) })
}

func TestProfileExists(t *testing.T) {
	objects := must(t, `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p, namespace: ci}
spec: {tasks: [{name: a, taskRef: {name: git-clone}}]}
`)
	ask := func(refs ...diag.ObjectRef) int {
		return len(of(runAll(objects, check.Profile{Complete: true, Exists: refs}), check.TaskUnknown))
	}
	assert.Equal(t, 1, ask())
	assert.Equal(t, 0, ask(diag.ObjectRef{Kind: "Task", Name: "git-clone"}))
	assert.Equal(t, 0, ask(diag.ObjectRef{Kind: "Task", Name: "*", Namespace: "ci"}))
	assert.Equal(t, 1, ask(diag.ObjectRef{Kind: "Task", Name: "git-clone", Namespace: "cd"}, diag.ObjectRef{Kind: "Pipeline", Name: "git-clone"}))
}

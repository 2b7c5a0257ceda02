package check_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// inFile returns objects that are in a file.
func inFile(t *testing.T, file, text string) []object.Object {
	t.Helper()
	var out []object.Object
	for _, o := range must(t, text) {
		o.Locate = func(diag.Path, string) diag.Position { return diag.Position{File: file} }
		out = append(out, o)
	}
	return out
}

const missingTask = `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: NAME}
spec: {tasks: [{name: a, taskRef: {name: elsewhere}}]}
`

// TestForFile tests that each object is checked with the profile of its file, and that
// the objects of the others are known.
func TestForFile(t *testing.T) {
	a := inFile(t, "a/p.yaml", strings.Replace(missingTask, "NAME", "p", 1))
	b := inFile(t, "b/q.yaml", strings.Replace(missingTask, "NAME", "q", 1))
	task := inFile(t, "b/t.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: elsewhere}\nspec: {steps: [{name: s, image: registry.local/x:1, script: 'true'}]}\n")
	all := append(a, b...)
	strict, lax, off := &check.Profile{Complete: true}, &check.Profile{}, &check.Profile{Complete: true, Disabled: []string{check.TaskUnknown}}
	quiet := &check.Profile{Complete: true, Severities: map[string]diag.Severity{check.TaskUnknown: diag.Note}}
	listing := &check.Profile{Complete: true, Exists: []diag.ObjectRef{{Kind: "Task", Name: "*"}}}
	run := func(objects []object.Object, byFile map[string]*check.Profile) []string {
		found, err := check.Run(t.Context(), objects, check.Profile{ForFile: func(file string) *check.Profile { return byFile[file] }})
		require.NoError(t, err)
		var out []string
		for _, f := range found {
			if f.Code == check.TaskUnknown || f.Code == check.TaskExternal {
				out = append(out, f.Position.File+" "+f.Severity.String()+" "+f.Code)
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		a, b *check.Profile
		want []string
	}{
		"none":           {nil, nil, []string{"a/p.yaml note task-external"}},
		"one complete":   {strict, lax, []string{"a/p.yaml error task-unknown", "b/q.yaml note task-external"}},
		"the other":      {nil, strict, []string{"a/p.yaml note task-external", "b/q.yaml error task-unknown"}},
		"the same":       {strict, strict, []string{"a/p.yaml error task-unknown", "b/q.yaml error task-unknown"}},
		"notes of two":   {lax, &check.Profile{}, []string{"a/p.yaml note task-external", "b/q.yaml note task-external"}}, // not merged
		"off in one":     {off, strict, []string{"b/q.yaml error task-unknown"}},
		"off in another": {strict, off, []string{"a/p.yaml error task-unknown"}},
		"severity":       {quiet, strict, []string{"a/p.yaml note task-unknown", "b/q.yaml error task-unknown"}},
		"exists":         {listing, strict, []string{"b/q.yaml error task-unknown"}},
	} {
		assert.Equal(t, c.want, run(all, map[string]*check.Profile{"a/p.yaml": c.a, "b/q.yaml": c.b}), name)
	}
	assert.Empty(t, run(append(all, task...), map[string]*check.Profile{"a/p.yaml": strict, "b/q.yaml": lax}), "an object of another profile is known")
}

// TestForFilePersona tests that a rule for one persona is applied where the profile asks
// for it.
func TestForFilePersona(t *testing.T) {
	const text = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: s, image: registry.local/x:1, script: 'true'}]}\n"
	objects := append(inFile(t, "a.yaml", text), inFile(t, "b.yaml", strings.Replace(text, "name: t", "name: u", 1))...)
	pedantic := &check.Profile{Persona: rule.Pedantic}
	found, err := check.Run(t.Context(), objects, check.Profile{ForFile: func(file string) *check.Profile {
		if file == "a.yaml" {
			return pedantic
		}
		return nil
	}})
	require.NoError(t, err)
	files := map[string]bool{}
	for _, f := range found {
		if f.Code == check.RequestsMissing {
			files[f.Position.File] = true
		}
	}
	assert.Equal(t, map[string]bool{"a.yaml": true}, files)
}

// TestForFileFilter tests the findings of readers, a function that panics, and that
// limits are those of the whole check.
func TestForFileFilter(t *testing.T) {
	found := diag.Findings{
		{Code: check.YAMLInvalid, Severity: diag.Error, Position: diag.Position{File: "a"}},
		{Code: check.YAMLInvalid, Severity: diag.Error, Position: diag.Position{File: "b"}},
	}
	off := &check.Profile{Disabled: []string{check.YAMLInvalid}}
	p := check.Profile{ForFile: func(file string) *check.Profile {
		if file == "a" {
			return off
		}
		panic("no such file")
	}}
	assert.Equal(t, found[1:], p.Filter(found, nil))

	var many []object.Object
	for _, name := range []string{"p", "q", "r"} {
		many = append(many, inFile(t, name, strings.Replace(missingTask, "NAME", name, 1))...)
	}
	many[0].Locate = func(diag.Path, string) diag.Position { panic("no such place") }
	limited, err := check.Run(t.Context(), many, check.Profile{MaxFindings: 1, ForFile: func(string) *check.Profile { return &check.Profile{Complete: true} }})
	require.NoError(t, err)
	assert.NotEmpty(t, of(limited, "check-limit"))
}

// TestForFileAccounts tests that the default service account of each profile is used for
// its own objects only, in any order.
func TestForFileAccounts(t *testing.T) {
	role := inFile(t, "role.yaml", `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: ci}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: robot, namespace: ci}]
`)
	run := inFile(t, "run.yaml", "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: t, namespace: ci}\nspec: {taskSpec: {steps: [{name: s, image: registry.local/x:1, script: 'true'}]}}\n")
	robots := &check.Profile{DefaultServiceAccount: "robot"}
	wide := func(byFile map[string]*check.Profile, objects ...object.Object) int {
		found, err := check.Run(t.Context(), objects, check.Profile{ForFile: func(file string) *check.Profile { return byFile[file] }})
		require.NoError(t, err)
		return len(of(found, check.RBACWide))
	}
	all := append(role, run...)
	other := inFile(t, "other.yaml", strings.NewReplacer("name: r,", "name: r2,", "name: b,", "name: b2,", "name: r}", "name: r2}", "name: r\n", "name: r2\n").Replace(`
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: ci}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: robot, namespace: ci}]
`))
	assert.Zero(t, wide(nil, all...))
	one := wide(map[string]*check.Profile{"role.yaml": robots}, all...)
	assert.Positive(t, one)
	both := append(append([]object.Object{}, other...), all...)
	assert.Equal(t, one, wide(map[string]*check.Profile{"role.yaml": robots}, both...), "the profile of the other file was used first")
	assert.Equal(t, one, wide(map[string]*check.Profile{"other.yaml": robots}, both...))
}

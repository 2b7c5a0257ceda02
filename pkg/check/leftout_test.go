package check_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const (
	aTrigger  = "---\napiVersion: triggers.tekton.dev/v1beta1\nkind: Trigger\n"
	aListener = "---\napiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\n"
	aTemplate = "---\napiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\n"
)

// many joins the texts for 0 to n-1.
func many(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// codes returns the findings with a code in a text.
func codes(t *testing.T, text, code string) diag.Findings {
	t.Helper()
	objects, read := manifest.Parse([]byte(text), "a.yaml")
	require.Empty(t, read)
	found, err := check.Run(context.Background(), objects, check.Profile{})
	require.NoError(t, err)
	var out diag.Findings
	for _, f := range found {
		if f.Code == code {
			out = append(out, f)
		}
	}
	return out
}

// TestNothingIsLeftOut checks the last of many things, each of which has to be compared.
func TestNothingIsLeftOut(t *testing.T) {
	group := func(i int, sets string) string {
		return aListener + fmt.Sprintf("metadata: {name: e%d}\nspec:\n  serviceAccountName: s\n  triggerGroups:\n  - name: g\n    triggerSelector: {labelSelector: {matchLabels: {a: b}}}\n"+
			"    interceptors: [{ref: {name: cel}, params: [{name: overlays, value: [{key: %s, expression: body.x}]}]}]\n", i, sets)
	}
	trigger := aTrigger + "metadata: {name: t, labels: {a: b}}\nspec: {bindings: [{name: z, value: $(extensions.k)}], template: {ref: t}}\n"
	t.Run("ways to a Trigger", func(t *testing.T) {
		good := trigger + many(80, func(i int) string { return group(i, "k") })
		assert.Empty(t, codes(t, good, "extension-unknown"))
		found := codes(t, good+group(80, "other"), "extension-unknown")
		require.Len(t, found, 1)
		assert.Contains(t, found[0].Message, "no interceptor sets $(extensions.k)")
		assert.Empty(t, codes(t, good+group(80, "other"), "check-limit"))
	})
	t.Run("triggers of a template", func(t *testing.T) {
		text := aListener + "metadata: {name: e}\nspec:\n  serviceAccountName: s\n  triggers:\n" +
			many(50, func(i int) string {
				return fmt.Sprintf("  - {name: a%d, bindings: [{name: k, value: Thing%d}], template: {ref: t}}\n", i, i)
			}) + "  - {name: last, bindings: [{name: k, value: \"\"}], template: {ref: t}}\n" +
			aTemplate + "metadata: {name: t}\nspec:\n  params: [{name: k}]\n  resourcetemplates: [{apiVersion: v1, kind: $(tt.params.k), metadata: {generateName: a-}}]\n"
		found := codes(t, text, "template-body")
		require.Len(t, found, 1)
		assert.Contains(t, found[0].Message, `kind is empty with the params that trigger "last"`)
	})
	t.Run("values of a when expression", func(t *testing.T) {
		text := "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  params: [{name: q}]\n  tasks:\n  - name: a\n    taskRef: {name: t}\n    when: [{input: $(params.q), operator: in, values: [" +
			many(400, func(i int) string { return fmt.Sprintf("v%d, ", i) }) + "v399]}]\n"
		require.Len(t, codes(t, text, "when-duplicate"), 1)
	})
}

// TestLeftOut checks that what is not compared, because it would take too long, is
// reported.
func TestLeftOut(t *testing.T) {
	text := many(200, func(i int) string {
		return aTrigger + fmt.Sprintf("metadata: {name: t%d, labels: {a: b}}\nspec: {bindings: [{ref: b}], template: {ref: t}}\n", i)
	}) + aListener + "metadata: {name: e}\nspec:\n  serviceAccountName: s\n  triggerGroups:\n" + many(200, func(i int) string {
		return fmt.Sprintf("  - {name: g%d, triggerSelector: {labelSelector: {matchLabels: {a: b}}}, interceptors: [{ref: {name: cel}, params: [{name: filter, value: body.a%d}]}]}\n", i, i)
	})
	found := codes(t, text, "check-limit")
	require.Len(t, found, 1)
	assert.Regexp(t, `not all groups of EventListeners that select Trigger "t\d+" have been compared with it`, found[0].Message)
	assert.True(t, found[0].Position.IsValid())

	text = "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  workspaces: [{name: w}]\n  tasks:\n" + many(600, func(i int) string {
		return fmt.Sprintf("  - {name: a%d, taskRef: {name: t}, workspaces: [{name: w, workspace: w, subPath: s%d}]}\n", i, i)
	})
	found = codes(t, text, "check-limit")
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Message, `more than 512 tasks of Pipeline "p" may use workspace "w" at the same time`)
}

// TestScriptLeftOut checks that what is not read of a script is reported, unless it is a
// syntax error.
func TestScriptLeftOut(t *testing.T) {
	const tail = "\n      docker login -p $TOKEN r.io\n"
	nested := func(n int, open, middle, end string) string {
		return strings.Repeat(open, n) + middle + strings.Repeat(end, n) + tail
	}
	const deep, long = "nested too deeply", "longer than 1 MiB"
	for name, c := range map[string]struct{ script, want string }{
		"$( 20":        {nested(20, ": $(", ":", ")"), ""},
		"$( 21":        {nested(21, ": $(", ":", ")"), deep},
		"$( 500":       {nested(500, ": $(", ":", ")"), deep},
		"quoted":       {"echo " + nested(500, `"$(echo `, "a", `)"`), deep},
		"( 100":        {nested(100, "( ", "a", " )"), ""},
		"( 2000":       {nested(2000, "( ", "a", " )"), deep},
		"{":            {nested(2000, "{ ", "a", "; }"), deep},
		"if":           {nested(2000, "if ", "a", "; then :; fi"), deep},
		"while":        {nested(2000, "while ", "a", "; do :; done"), deep},
		"case":         {nested(2000, "case x in x) ", "a", " ;; esac"), deep},
		"function":     {nested(2000, "f() { ", "a", "; }"), deep},
		"$((":          {"echo " + nested(2000, "$((1+", "1", "))"), deep},
		"${":           {"echo " + nested(2000, "${x:-", "a", "}"), deep},
		"list":         {strings.Repeat("a && ", 2000) + "a" + tail, ""},
		"words":        {"echo" + strings.Repeat(" a", 2000) + tail, ""},
		"long":         {"# " + strings.Repeat("x", 1<<20) + tail, long},
		"not so long":  {"# " + strings.Repeat("x", 1<<19) + tail, ""},
		"syntax error": {"a )" + tail, "none"},
		"other":        {"#!/usr/bin/python3\n      # " + strings.Repeat("x", 1<<20) + tail, "none"},
	} {
		text := "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  steps:\n  - name: a\n    image: x:1\n    script: |\n      " + c.script
		limits, secrets := codes(t, text, "check-limit"), codes(t, text, "secret-argument")
		switch c.want {
		case "":
			assert.Empty(t, limits, name)
			assert.Len(t, secrets, 1, name)
		case "none":
			assert.Empty(t, limits, name)
			assert.Empty(t, secrets, name)
		default:
			assert.Empty(t, secrets, name)
			if assert.Len(t, limits, 1, name) {
				assert.Contains(t, limits[0].Message, `the script of step "a"`, name)
				assert.Equal(t, map[bool]int{true: 9, false: 8}[c.want == deep], limits[0].Position.Line, name)
				assert.Contains(t, limits[0].Message, c.want, name)
			}
		}
	}
}

// TestAccountOfTriggerOnce checks that what the service account of a Trigger lacks is
// reported once, however many listeners select the Trigger.
func TestAccountOfTriggerOnce(t *testing.T) {
	text := aTrigger + "metadata: {name: t, labels: {a: b}}\nspec: {serviceAccountName: s, bindings: [{name: a, value: b}], template: {ref: t}}\n" +
		many(3, func(i int) string {
			return aListener + fmt.Sprintf("metadata: {name: e%d}\nspec: {serviceAccountName: other, labelSelector: {matchLabels: {a: b}}}\n", i)
		}) + aTemplate + "metadata: {name: t}\nspec: {resourcetemplates: [{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a-}}]}\n" +
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: [\"\"], resources: [secrets], verbs: [get]}]\n" +
		"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nsubjects: [{kind: ServiceAccount, name: s}]\nroleRef: {kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}\n"
	found := codes(t, text, "rbac-missing")
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Message, `service account "s" of Trigger "t" lacks permission to create configmaps`)
}

// stranger is a system in which a param of a script has the title of a pull request.
func stranger(overlays, value, script string) string {
	return aListener + "metadata: {name: e}\nspec:\n  serviceAccountName: s\n  triggers:\n  - name: a\n    interceptors:\n" +
		"    - {ref: {name: github}, params: [{name: secretRef, value: {secretName: s, secretKey: k}}, {name: eventTypes, value: [pull_request]}]}\n" +
		"    - {ref: {name: cel}, params: [{name: overlays, value: [" + overlays + "]}]}\n" +
		"    bindings: [{name: title, value: " + value + "}]\n    template: {ref: t}\n" +
		aTemplate + "metadata: {name: t}\nspec:\n  params: [{name: title}]\n  resourcetemplates:\n  - apiVersion: tekton.dev/v1\n    kind: TaskRun\n    metadata: {generateName: a-}\n" +
		"    spec: {taskRef: {name: t}, params: [{name: title, value: $(tt.params.title)}]}\n" +
		"---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params: [{name: title}]\n  steps:\n  - name: a\n    image: x:1\n    env: [{name: TITLE, value: $(params.title)}]\n    script: |\n      #!/bin/sh\n      " + script + "\n"
}

// TestStrangersLeftOut checks that values of strangers are followed through many overlays
// and commands, and that a limit is reported.
func TestStrangersLeftOut(t *testing.T) {
	chain := func(n int) (overlays, last string) {
		return "{key: k0, expression: body.pull_request.title}" + many(n, func(i int) string {
			return fmt.Sprintf(", {key: k%d, expression: \"extensions.k%d + 'x'\"}", i+1, i)
		}), fmt.Sprintf("$(extensions.k%d)", n)
	}
	pipe := func(n int) string { return `echo "$TITLE"` + strings.Repeat(" | cat", n) + " | sh" }
	const direct = "$(body.pull_request.title)"
	for name, c := range map[string]struct {
		text     string
		found    int
		contains string
	}{
		"no overlay":             {stranger("", direct, `eval "$TITLE"`), 1, ""},
		"a script":               {stranger("", direct, pipe(0)), 1, ""},
		"many commands":          {stranger("", direct, pipe(25)), 1, ""},
		"too many":               {stranger("", direct, pipe(40)), 0, "a pipeline of more than 32 commands"},
		"an overlay uses itself": {stranger("{key: a, expression: \"extensions.a + extensions.a\"}", "$(extensions.a)", `eval "$TITLE"`), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Len(t, codes(t, c.text, "untrusted-input"), c.found)
			limits := codes(t, c.text, "check-limit")
			if c.contains == "" {
				assert.Empty(t, limits)
				return
			}
			require.Len(t, limits, 1)
			assert.Contains(t, limits[0].Message, c.contains)
			assert.True(t, limits[0].Position.IsValid())
		})
	}
	for n, found := range map[int]int{0: 1, 4: 1, 6: 1, 30: 1, 40: 0} {
		overlays, last := chain(n)
		text := stranger(overlays, last, `eval "$TITLE"`)
		assert.Len(t, codes(t, text, "untrusted-input"), found, "%d overlays", n)
		assert.Len(t, codes(t, text, "check-limit"), 1-found, "%d overlays", n)
	}
	// Each overlay uses the one before it twice.
	doubles := "{key: k0, expression: body.pull_request.title}" + many(25, func(i int) string {
		return fmt.Sprintf(", {key: k%d, expression: \"extensions.k%d + extensions.k%[2]d\"}", i+1, i)
	})
	assert.Len(t, codes(t, stranger(doubles, "$(extensions.k25)", `eval "$TITLE"`), "untrusted-input"), 1)
}

// TestManyMounts checks the last of many workspaces that runs share.
func TestManyMounts(t *testing.T) {
	const shared = "workspaces: [{name: cache, subPath: go, persistentVolumeClaim: {claimName: caches}}]"
	text := aListener + "metadata: {name: e}\nspec:\n  serviceAccountName: s\n  triggers:\n  - name: a\n    interceptors:\n" +
		"    - {ref: {name: github}, params: [{name: secretRef, value: {secretName: s, secretKey: k}}, {name: eventTypes, value: [pull_request]}]}\n    template: {ref: t}\n" +
		aTemplate + "metadata: {name: t}\nspec:\n  resourcetemplates: [{apiVersion: tekton.dev/v1, kind: TaskRun, metadata: {generateName: a-}, spec: {taskRef: {name: build}, " + shared + "}}]\n" +
		"---\napiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: release}\nspec: {taskRef: {name: build}, " + shared + "}\n" +
		"---\napiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: build}\nspec:\n  workspaces:\n" + many(100, func(i int) string {
		return fmt.Sprintf("  - {name: w%d, optional: true}\n", i)
	}) + "  - name: cache\n  steps: [{name: a, image: \"golang:1.26.0\", env: [{name: GOCACHE, value: $(workspaces.cache.path)}], command: [go], args: [test, ./...]}]\n"
	assert.Len(t, codes(t, text, "pvc-exposed"), 1)
	assert.Empty(t, codes(t, text, "check-limit"))
}

package manifest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// errorsIn returns the codes of the errors in files.
func errorsIn(t *testing.T, files map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	for file, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(file))
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o755))
		require.NoError(t, os.WriteFile(at, []byte(text), 0o600))
	}
	set, err := manifest.Load(context.Background(), []string{dir}, manifest.LoadOptions{})
	require.NoError(t, err)
	found, err := check.Run(context.Background(), set.Objects, check.Profile{})
	require.NoError(t, err)
	var codes []string
	for _, f := range append(set.Findings, found...) {
		if f.Severity == diag.Error {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// Of several objects that are equally near, a reference means the one whose results and
// types fit what reads and passes them.
func TestEquallyNear(t *testing.T) {
	task := func(spec string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: b}\nspec:\n  " + spec + "\n  steps: [{name: s, image: 'busybox:1.37', script: ls}]\n"
	}
	action := func(spec string) string {
		return "apiVersion: tekton.dev/v1beta1\nkind: StepAction\nmetadata: {name: b}\nspec: {image: 'busybox:1.37', script: ls" + spec + "}\n"
	}
	pipeline := func(params, read string) string {
		return "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec:\n  params: [{name: list, type: array}, {name: text}]\n  tasks:\n" +
			"  - {name: a, taskRef: {name: b}, params: [" + params + "]}\n" +
			"  - {name: c, taskSpec: {params: [{name: v}, {name: l, type: array, default: []}], steps: [{name: s, image: 'busybox:1.37', args: ['$(params.v)', '$(params.l[*])', '$(params.list[*])', $(params.text)]}]}, params: [" + read + "]}\n"
	}
	steps := func(params, args string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec:\n  params: [{name: list, type: array}]\n" +
			"  steps: [{name: s, ref: {name: b}, params: [" + params + "]}, {name: q, image: 'busybox:1.37', args: ['$(params.list[*])'" + args + "]}]\n"
	}
	none := "{name: v, value: x}"
	for name, c := range map[string]struct {
		first, second, from string
		want                []string
	}{
		"result":           {task(""), task("results: [{name: R}]"), pipeline("", "{name: v, value: $(tasks.a.results.R)}"), nil},
		"no result":        {task(""), task("results: [{name: Q}]"), pipeline("", "{name: v, value: $(tasks.a.results.R)}"), []string{"result-unknown"}},
		"list":             {task("results: [{name: R}]"), task("results: [{name: R, type: array}]"), pipeline("", none+", {name: l, value: ['$(tasks.a.results.R[*])']}"), nil},
		"item":             {task("results: [{name: R}]"), task("results: [{name: R, type: array}]"), pipeline("", "{name: v, value: '$(tasks.a.results.R[0])'}"), nil},
		"key":              {task("results: [{name: R}]"), task("results: [{name: R, type: object, properties: {k: {}}}]"), pipeline("", "{name: v, value: $(tasks.a.results.R.k)}"), nil},
		"no list":          {task("results: [{name: R}]"), task("results: [{name: R, description: other}]"), pipeline("", none+", {name: l, value: ['$(tasks.a.results.R[*])']}"), []string{"result-type"}},
		"array":            {task("params: [{name: A}]"), task("params: [{name: A, type: array}]"), pipeline("{name: A, value: [x, z]}", none), nil},
		"variable":         {task("params: [{name: A}]"), task("params: [{name: A, type: array}]"), pipeline("{name: A, value: '$(params.list[*])'}", none), nil},
		"string":           {task("params: [{name: A, type: array}]"), task("params: [{name: A}]"), pipeline("{name: A, value: $(params.text)}", none), nil},
		"no array":         {task("params: [{name: A}]"), task("params: [{name: A, default: x}]"), pipeline("{name: A, value: [x, z]}", none), []string{"param-type"}},
		"action result":    {action(""), action(", results: [{name: out}]"), steps("", ", $(steps.s.results.out)"), nil},
		"action list":      {action(", results: [{name: out}]"), action(", results: [{name: out, type: array}]"), steps("", ", '$(steps.s.results.out[*])'"), nil},
		"action param":     {action(""), action(", params: [{name: P, default: q}]"), steps("{name: P, value: z}", ""), nil},
		"action array":     {action(", params: [{name: P}]"), action(", params: [{name: P, type: array}]"), steps("{name: P, value: [z]}", ""), nil},
		"no action param":  {action(""), action(", params: [{name: Q, default: q}]"), steps("{name: P, value: z}", ""), []string{"param-extra"}},
		"no action result": {action(""), action(", results: [{name: other}]"), steps("", ", $(steps.s.results.out)"), []string{"result-unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, errorsIn(t, map[string]string{"b/0.1/b.yaml": c.first, "b/0.2/b.yaml": c.second, "k/0.1/samples/p.yaml": c.from}))
			assert.Equal(t, c.want, errorsIn(t, map[string]string{"b/0.1/b.yaml": c.second, "b/0.2/b.yaml": c.first, "k/0.1/samples/p.yaml": c.from}))
		})
	}
}

// Pipelines-as-Code puts what a run refers to into it, so that names of the run and its
// pipeline reach it.
func TestPutIntoRun(t *testing.T) {
	const annotated = "annotations: {pipelinesascode.tekton.dev/on-event: '[push]', pipelinesascode.tekton.dev/on-target-branch: '[main]'}"
	run := func(metadata, spec string) string {
		return "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r, " + metadata + "}\nspec:\n  params: [{name: rev, value: x}]\n  workspaces: [{name: ws, emptyDir: {}}]\n  " + spec + "\n"
	}
	const inline = "pipelineSpec: {params: [{name: rev}, {name: own, default: x}], workspaces: [{name: ws}], tasks: [{name: a, taskRef: {name: t}, params: [{name: set, value: x}], workspaces: [{name: source, workspace: ws}]}]}"
	task := func(arg string) string {
		return "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{name: s, image: 'busybox:1.37', args: [" + arg + "]}]}\n"
	}
	pipeline := func(arg string) string {
		return "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: a, taskSpec: {steps: [{name: s, image: 'busybox:1.37', args: [" + arg + "]}]}}, {name: b, taskRef: {name: t}}]}\n"
	}
	named := "pipelineRef: {name: p}"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"param of the run":      {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(params.rev)")}, nil},
		"param of the pipeline": {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(params.own)")}, nil},
		"param of the task":     {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(params.set)")}, nil},
		"workspace":             {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(workspaces.source.path)")}, nil},
		"workspace of the run":  {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(workspaces.ws.path)")}, nil},
		"elsewhere":             {map[string]string{".tekton/r.yaml": run(strings.Replace(annotated, "'[main]'", "'[main]', pipelinesascode.tekton.dev/task: ci/t.yaml", 1), inline), "ci/t.yaml": task("$(params.rev)")}, nil},
		"not fetched":           {map[string]string{".tekton/r.yaml": run(annotated, inline), "ci/t.yaml": task("$(params.rev)")}, []string{"pac-reference-unknown"}},
		"pipeline":              {map[string]string{".tekton/r.yaml": run(annotated, named), ".tekton/p.yaml": pipeline("$(params.rev)"), ".tekton/t.yaml": task("$(params.rev)")}, nil},
		"pipeline unknown":      {map[string]string{".tekton/r.yaml": run(annotated, named), ".tekton/p.yaml": pipeline("$(params.no)"), ".tekton/t.yaml": task("$(params.rev)")}, []string{"param-unknown"}},
		"unknown":               {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(params.no)")}, []string{"param-unknown"}},
		"unknown workspace":     {map[string]string{".tekton/r.yaml": run(annotated, inline), ".tekton/t.yaml": task("$(workspaces.no.path)")}, []string{"workspace-unknown"}},
		"not annotated":         {map[string]string{".tekton/r.yaml": run("", inline), ".tekton/t.yaml": task("$(params.rev)")}, nil},
		"of no such run":        {map[string]string{"r.yaml": run("", inline), "t.yaml": task("$(params.rev)")}, []string{"workspace-unknown", "param-unknown"}},
		"of a resolver":         {map[string]string{".tekton/r.yaml": run(annotated, "pipelineSpec: {params: [{name: rev}], tasks: [{name: a, taskRef: {resolver: cluster, params: [{name: kind, value: task}, {name: name, value: t}, {name: namespace, value: n}]}}]}"), ".tekton/t.yaml": task("$(params.rev)")}, []string{"param-unknown"}},
	} {
		t.Run(name, func(t *testing.T) { assert.ElementsMatch(t, c.want, errorsIn(t, c.files)) })
	}
}

// What a test expects in the cluster is a part of an object.
func TestExpectations(t *testing.T) {
	const part = "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: r}\nstatus: {conditions: [{type: Succeeded}]}\n"
	const assertion = "apiVersion: kuttl.dev/v1beta1\nkind: TestAssert\ntimeout: 90\n"
	chainsaw := func(kind, operations string) string {
		return "apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: " + kind + "\nmetadata: {name: x}\nspec: {steps: [{try: [" + operations + "]}]}\n"
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"no test":                 {map[string]string{"part.yaml": part}, []string{"spec-missing"}},
		"kuttl":                   {map[string]string{"part.yaml": assertion + "---\n" + part}, nil},
		"kuttl at the end":        {map[string]string{"part.yaml": part + "---\n" + assertion}, nil},
		"kuttl in another file":   {map[string]string{"a.yaml": assertion, "part.yaml": part}, []string{"spec-missing"}},
		"TestStep":                {map[string]string{"part.yaml": "apiVersion: kuttl.dev/v1beta1\nkind: TestStep\n---\n" + part}, []string{"spec-missing"}},
		"assert":                  {map[string]string{"t/chainsaw-test.yaml": chainsaw("Test", "{assert: {file: part.yaml}}"), "t/part.yaml": part}, nil},
		"error":                   {map[string]string{"tests/t/chainsaw-test.yaml": chainsaw("Test", "{error: {file: ../parts/part.yaml}}"), "tests/parts/part.yaml": part}, nil},
		"assert elsewhere":        {map[string]string{"t/chainsaw-test.yaml": chainsaw("Test", "{assert: {file: ../parts/run-assert.yaml}}"), "parts/run-assert.yaml": part}, nil},
		"a file of others":        {map[string]string{"t/chainsaw-test.yaml": chainsaw("Test", "{assert: {file: ../ci/part.yaml}}, {error: {file: ../ci/b.yaml}}, {patch: {file: ../ci/b.yaml}}"), "ci/part.yaml": part, "ci/b.yaml": strings.ReplaceAll(part, "name: r", "name: s")}, []string{"spec-missing", "spec-missing"}},
		"apply":                   {map[string]string{"t/chainsaw-test.yaml": chainsaw("Test", "{apply: {file: part.yaml}}"), "t/part.yaml": part}, []string{"spec-missing"}},
		"apply and assert":        {map[string]string{"t/chainsaw-test.yaml": chainsaw("Test", "{apply: {file: part.yaml}}, {assert: {file: part.yaml}}"), "t/part.yaml": part}, []string{"spec-missing"}},
		"assert of another file":  {map[string]string{"t/chainsaw-test.yaml": chainsaw("Test", "{assert: {file: other.yaml}}"), "t/part.yaml": part}, []string{"spec-missing"}},
		"another kind":            {map[string]string{"t/chainsaw-test.yaml": chainsaw("Configuration", "{assert: {file: part.yaml}}"), "t/part.yaml": part}, []string{"spec-missing"}},
		"a test that is not read": {map[string]string{"t/chainsaw-test.yaml": "[", "t/part.yaml": part}, []string{"spec-missing"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, errorsIn(t, c.files)) })
	}
}

// A text of the stepTemplate that each step overrides reaches no Pod.
func TestOverriddenTemplate(t *testing.T) {
	run := func(template, steps string) string {
		return "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: r}\nspec: {taskSpec: {stepTemplate: {" + template + "}, steps: [" + steps + "]}}\n"
	}
	pipeline := func(template, steps string) string {
		return "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {name: p}\nspec: {tasks: [{name: a, taskSpec: {stepTemplate: {" + template + "}, steps: [" + steps + "]}}]}\n"
	}
	const one, two = "{name: s, image: 'busybox:1.37', workingDir: /q, command: [ls], args: [x], env: [{name: A, value: x}]}", "{name: t, image: 'busybox:1.37', command: [ls]}"
	for name, c := range map[string]struct {
		template, steps string
		want            []string
	}{
		"image":           {"image: $(params.no)", one, nil},
		"workingDir":      {"workingDir: $(workspaces.no.path)", one, nil},
		"args":            {"args: [$(params.no)]", one, nil},
		"command":         {"command: [$(params.no)]", one, nil},
		"env":             {"env: [{name: A, value: $(params.no)}]", one, nil},
		"result":          {"workingDir: $(results.no.path)", one, nil},
		"other env":       {"env: [{name: B, value: $(params.no)}]", one, []string{"param-unknown"}},
		"one step of two": {"workingDir: $(params.no)", one + ", " + two, []string{"param-unknown"}},
		"args of one":     {"args: [$(params.no)]", one + ", " + two, []string{"param-unknown"}},
		"image of both":   {"image: $(params.no)", one + ", " + two, nil},
		"valueFrom":       {"env: [{name: B, valueFrom: {secretKeyRef: {name: $(params.no), key: k}}}]", one, []string{"param-unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, errorsIn(t, map[string]string{"r.yaml": run(c.template, c.steps)}))
			assert.Equal(t, c.want, errorsIn(t, map[string]string{"p.yaml": pipeline(c.template, c.steps)}))
		})
	}
}

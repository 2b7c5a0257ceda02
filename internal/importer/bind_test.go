package importer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/runtime"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/importer"
	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/yamlwrite"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

const boundTask = `
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: notify}
spec:
  params:
    - {name: channel}
    - {name: color, default: green}
    - {name: tags, type: array, default: []}
    - {name: proxy, type: object, properties: {host: {}, port: {}}, default: {port: "80"}}
  workspaces:
    - {name: source}
    - {name: cache, optional: true}
  results: [{name: id}]
  steps:
    - name: s
      image: registry.local/a:1
      args: [$(params.channel), $(params.color), "$(params.tags[*])", $(params.proxy.host), $(params.proxy.port), $(workspaces.source.path), $(workspaces.cache.path)]
      script: echo -n x > "$(results.id.path)"
`

// errorsWith returns the codes of the errors of a pipeline that uses the bound Task with some
// of its inputs.
func errorsWith(t *testing.T, reach importer.Reach, inputs ...plan.Set) []string {
	t.Helper()
	objects, _ := parse(t, boundTask, "x.yaml")
	b := &importer.Bound{
		Object: objects[0], Reach: reach, Path: "x.yaml", Text: boundTask,
		Resolver: "bundles", Params: v1.Params{
			{Name: "bundle", Value: *v1.NewStructuredValues("registry.local/ci/notify:1")},
			{Name: "name", Value: *v1.NewStructuredValues("notify")},
		},
	}
	file, err := importer.Bind([]*importer.Bound{b}, nil)
	require.NoError(t, err)
	p := &plan.Var{Name: "p"}
	space := &plan.Var{Name: "space"}
	for i := range inputs {
		if inputs[i].Value == nil {
			inputs[i].Value = space
		}
	}
	source, err := plan.Run(&plan.Func{Name: "P", Returns: p, Body: []plan.Stmt{
		{Var: p, Expr: plan.Fn("NewPipeline", plan.Text("p"))},
		{Var: space, Expr: plan.Method(p, "Workspace", plan.Text("source"))},
		{Expr: plan.Fn("Add", p, plan.Text("n"), plan.Make{Type: file.Types[0], Fields: inputs})},
	}})
	require.NoError(t, err)
	set := manifest.New(source)
	var codes []string
	if found, ok := errors.AsType[diag.Findings](set.Build()); ok {
		for _, f := range found {
			if f.Severity == diag.Error {
				codes = append(codes, f.Code)
			}
		}
	}
	list, err := source.Objects()
	if len(codes) == 0 {
		require.NoError(t, err)
		pipeline, ok := list[len(list)-1].Object.(*v1.Pipeline)
		require.True(t, ok)
		assert.Len(t, pipeline.Spec.Tasks[0].Params, len(inputs)-1, "only what is set is sent")
		_, task := list[0].Object.(*v1.Task)
		assert.Equal(t, reach == importer.Along, task)
	}
	return codes
}

// TestBound shows that the inputs of a bound Task are its contract, however it gets into a
// run.
func TestBound(t *testing.T) {
	channel := plan.Set{Field: "Channel", Value: plan.Text("ci")}
	source := plan.Set{Field: "Source"}
	proxy := plan.Set{Field: "Proxy", Value: plan.Fn("ObjectOf", plan.Map{Kind: plan.String, Entries: []plan.Entry{{Key: "host", Value: plan.Text("x")}}})}
	for _, reach := range []importer.Reach{importer.Along, importer.InCluster, importer.Fetched} {
		assert.Empty(t, errorsWith(t, reach, channel, source, proxy), "%d", reach)
		assert.Contains(t, errorsWith(t, reach, source, proxy), "param-missing", "%d", reach)
		assert.Contains(t, errorsWith(t, reach, channel, proxy), "workspace-missing", "%d", reach)
	}
}

// TestBoundHostile shows that no name and no description is Go of its own.
func TestBoundHostile(t *testing.T) {
	evil := "x\"); os.Exit(1) //\n*/\u2028//go:embed /etc/passwd\n`+panic(1)+`\r\x00\u202e"
	task := &v1.Task{Spec: v1.TaskSpec{
		Description: evil,
		Params: v1.ParamSpecs{
			{Name: evil, Description: evil, Enum: []string{evil, "", "\"", "a b", "a-b"}},
			{Name: "task name", Description: evil, Default: v1.NewStructuredValues(evil)},
			{Name: "TaskName"}, {Name: "taskName"}, {Name: "define"}, {Name: ""}, {Name: "9"},
			{Name: "o", Type: v1.ParamTypeObject, Properties: map[string]v1.PropertySpec{evil: {}}},
		},
		Workspaces: []v1.WorkspaceDeclaration{{Name: evil, Description: evil}, {Name: "in"}, {Name: "t"}, {Name: "builder"}},
		Results:    []v1.TaskResult{{Name: evil, Description: evil}, {Name: "status"}, {Name: "pipeline-task"}, {Name: "string"}},
	}}
	task.Name, task.APIVersion, task.Kind = evil, "tekton.dev/v1", "Task"
	text, err := yamlwrite.Append(nil, task)
	require.NoError(t, err)
	for _, reach := range []importer.Reach{importer.Along, importer.InCluster, importer.Fetched} {
		b := &importer.Bound{
			Object: runtime.Object(task), Reach: reach, Path: "testdata/bound/x.yaml", Text: string(text), From: evil,
			Resolver: "bundles", Params: v1.Params{{Name: evil, Value: *v1.NewStructuredValues(evil)}},
		}
		file, err := importer.Bind([]*importer.Bound{b}, nil)
		require.NoError(t, err)
		file.Package, file.Header = "ci", []string{"Code generated by " + evil + "; DO NOT EDIT."}
		text, _, err := file.Print()
		require.NoError(t, err)
		checkHarmless(t, text)
	}
}

// TestBoundOther shows that a Task is not bound with another one's YAML.
func TestBoundOther(t *testing.T) {
	objects, _ := parse(t, boundTask, "x.yaml")
	for text, want := range map[string]string{
		strings.Replace(boundTask, "name: notify", "name: other", 1):                `TaskName returns "notify", but its definition is named "other"`,
		strings.Replace(boundTask, "{name: channel}", "{name: room}", 1):            `Task "notify" declares no param "channel"`,
		strings.Replace(boundTask, "{name: channel}", "{name: channel, typ: x}", 1): "unknown field",
	} {
		_, err := importer.Bind([]*importer.Bound{{Object: objects[0], Path: "x.yaml", Text: text}}, nil)
		require.ErrorContains(t, err, want)
	}
}

package manifest_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// Hello is a task that counts how often it is defined.
type Hello struct {
	Who     builder.String
	Defined *int
}

func (Hello) TaskName() string { return "hello" }

func (h Hello) Define(t *builder.Task) *builder.PipelineTask {
	if h.Defined != nil {
		*h.Defined++
	}
	who := t.Param("who", h.Who)
	t.Step("say").Image("registry.local/alpine:3.20").Requests("10m", "16Mi").Env("WHO", who).Script(`echo "$WHO"`)
	return t.PipelineTask()
}

// described returns a pipeline, and a run of it.
func described(name string, who builder.String) (*builder.Pipeline, *builder.PipelineRun) {
	p := builder.NewPipeline("greet").Describe("greets")
	builder.Add(p, "hello", Hello{Who: who})
	return p, p.Run(builder.String(name))
}

// TestSourceContract checks that every source returns incomplete objects together with
// all findings.
func TestSourceContract(t *testing.T) {
	sized := func(size string) *infra.PVC { return infra.NewPVC("cache", size) }
	get := rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}
	pipeline := func(name string) *builder.Pipeline {
		p, _ := described("r-", "you")
		return p.Label(name, "x").Annotate("note", name)
	}
	const cut = "\U000F0E0E" // a piece of a handle
	runOf := func(name string) *builder.PipelineRun {
		_, r := described(name, "you")
		return r
	}
	listener := func(name string) *triggers.Listener {
		l := triggers.NewListener(name).Secret("webhook", "token")
		l.On("push", triggers.GitHubPush(), runOf("r-"))
		return l
	}
	for name, c := range map[string]struct {
		good, bad, none manifest.Source
		kinds           []string // of the objects beside the problem
	}{
		"Pipeline":       {pipeline("a"), pipeline(cut), (*builder.Pipeline)(nil), []string{"Task", "Pipeline"}},
		"Run":            {runOf("r-"), runOf(cut), (*builder.PipelineRun)(nil), []string{"Task", "Pipeline", "PipelineRun"}},
		"TaskRun":        {builder.RunTask("r-", Hello{Who: "x"}), builder.RunTask(cut, Hello{Who: "x"}), (*builder.TaskRun)(nil), []string{"Task", "TaskRun"}},
		"Definition":     {builder.Define(Hello{}), builder.Define(Hello{Who: cut}), (*builder.Definition)(nil), []string{"Task"}},
		"Listener":       {listener("hub"), listener("Hub"), (*triggers.Listener)(nil), []string{"Task", "Pipeline", "TriggerTemplate", "Trigger", "EventListener"}},
		"Template":       {triggers.NewTemplate("t").Create(runOf("r-")), triggers.NewTemplate("T").Create(runOf("r-")), (*triggers.Template)(nil), []string{"Task", "Pipeline", "TriggerTemplate"}},
		"Binding":        {triggers.NewBinding("b").Param("a", "$(body.a)"), triggers.NewBinding("B").Param("a", "$(body.a)"), (*triggers.Binding)(nil), []string{"TriggerBinding"}},
		"Namespace":      {infra.NewNamespace("ci"), infra.NewNamespace("CI"), (*infra.Namespace)(nil), []string{"Namespace"}},
		"ServiceAccount": {infra.NewServiceAccount("ci"), infra.NewServiceAccount("CI"), (*infra.ServiceAccount)(nil), []string{"ServiceAccount"}},
		"Role":           {infra.NewRole("r", "", get).Bind("a"), infra.NewRole("r", "", get).Bind("A"), (*infra.Role)(nil), []string{"Role", "RoleBinding"}},
		"ClusterRole":    {infra.NewClusterRole("r", get), infra.NewClusterRole("r"), (*infra.ClusterRole)(nil), []string{"ClusterRole"}},
		"Secret":         {infra.NewSecret("s", "k"), infra.NewSecret("s"), (*infra.Secret)(nil), []string{"Secret"}},
		"ConfigMap":      {infra.NewConfigMap("c", nil), infra.NewConfigMap("C", nil), (*infra.ConfigMap)(nil), []string{"ConfigMap"}},
		"PVC":            {sized("1Gi"), sized("big"), (*infra.PVC)(nil), []string{"PersistentVolumeClaim"}},
		"Ingress":        {infra.NewIngress("i", "").Path("/", infra.Dashboard()), infra.NewIngress("i", "").Path("/", nil), (*infra.Ingress)(nil), []string{"Ingress"}},
		"RBAC":           {infra.RunRBAC(runOf("r-").ServiceAccount("ci")), infra.RunRBAC(runOf("r-").ServiceAccount("ci")).Secrets("CI", "s"), (*infra.RBAC)(nil), []string{"ServiceAccount"}},
		"Set": {
			manifest.New(infra.NewNamespace("ci")), manifest.New(infra.NewNamespace("CI"), infra.NewServiceAccount("a")), nil,
			[]string{"Namespace", "ServiceAccount"},
		},
		"FromObjects": {manifest.FromObjects(account("a")), nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			objects, err := c.good.Objects()
			require.NoError(t, err)
			assert.NotEmpty(t, objects)
			for _, o := range objects {
				assert.False(t, o.IsNil())
				assert.NotEmpty(t, o.Ref().Kind)
			}
			if c.bad != nil {
				objects, err := c.bad.Objects()
				problems(t, err)
				var kinds []string
				for _, o := range objects {
					kinds = append(kinds, o.Ref().Kind)
				}
				assert.Equal(t, c.kinds, kinds, "what could be made")
				// What is incomplete is never written.
				assert.Error(t, manifest.New(c.bad).Build())
				assert.Error(t, manifest.New(c.bad).Write(io.Discard))
				_, err = manifest.New(c.bad).Diagrams()
				assert.Error(t, err)
			}
			if c.none != nil {
				objects, err := c.none.Objects()
				problems(t, err)
				assert.Empty(t, objects)
			}
		})
	}
}

// problems checks an error of Objects against the documentation of Source.
func problems(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	var found diag.Findings
	require.ErrorAs(t, err, &found)
	assert.NotEmpty(t, found)
	for _, f := range found {
		assert.Equal(t, diag.Error, f.Severity, "%v", f)
		assert.NotEmpty(t, f.Code)
		assert.NotEmpty(t, f.Object.Kind, "%v", f)
	}
}

// TestIncompleteObjects checks that incomplete objects of a source are in the set, are
// not checked, and do not hide problems of other sources.
func TestIncompleteObjects(t *testing.T) {
	wrong := diag.Finding{Code: "wrong", Object: diag.ObjectRef{Kind: "Task", Name: "a"}, Message: "it is wrong"}
	s := manifest.New(
		manifest.FromObjects(task("a", "one")),
		&source{objects: []object.Object{at(1, task("a", "two")), at(2, task("", "")), at(3, task("b", "b"))}, err: diag.Findings{wrong}},
	)
	objects, err := s.Objects()
	assert.Equal(t, []string{"Task a", "Task b"}, []string{objects[0].Ref().Kind + " " + objects[0].Ref().Name, objects[1].Ref().Kind + " " + objects[1].Ref().Name})
	var found diag.Findings
	require.ErrorAs(t, err, &found)
	assert.Equal(t, diag.Findings{wrong}, found, "an error without a severity is one, and what follows from it is not said")
	assert.Equal(t, err, s.Build())
}

// TestOnce checks that one Write defines each task once, lowers each pipeline once,
// and applies the rules once, however many sources share them.
func TestOnce(t *testing.T) {
	defined, lowered, runs, looked := 0, 0, 0, 0
	p := builder.NewPipeline("greet").Describe("greets")
	who := p.Param("who")
	builder.Add(p, "hello", Hello{Who: who, Defined: &defined})
	p.Mutate(func(*pipelinev1.Pipeline) { lowered++ })
	count := func(*pipelinev1.PipelineRun) { runs++ }

	push := triggers.GitHubPush()
	first := p.Run("first", who.Set("you")).ServiceAccount("greeter").Mutate(count)
	onPush := p.Run("push-", who.Set(push.SHA)).ServiceAccount("greeter").Mutate(count)
	onTag := p.Run("tag-", who.Set("all")).ServiceAccount("greeter").Mutate(count)
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("push", push, onPush)
	l.On("tag", triggers.GitHubPush(), triggers.NewTemplate("tag").Create(onTag))

	set := manifest.New(p, first, l, infra.ListenerRBAC(l), infra.WebhookSecret("webhook", "token")).Namespace("ci")
	set.Profile(check.Profile{Rules: []*rule.Rule{{
		Code: "looks", Severity: diag.Note,
		Run: func(p *rule.Pass) {
			if p.Entry.Ref.Kind == "Pipeline" {
				looked++
			}
		},
	}}})
	require.NoError(t, set.Write(io.Discard))
	assert.Equal(t, 1, defined, "Define")
	assert.Equal(t, 1, lowered, "the pipeline")
	assert.Equal(t, 3, runs, "each run")
	assert.Equal(t, 1, looked, "the rules")

	// A description may change between two calls: nothing is kept.
	p.Label("team", "ci")
	require.NoError(t, set.Write(io.Discard))
	assert.Equal(t, 1, defined)
	assert.Equal(t, 2, lowered)
	assert.Equal(t, 2, looked)
	objects, err := set.Objects()
	require.NoError(t, err)
	for _, o := range objects {
		if q, ok := o.Object.(*pipelinev1.Pipeline); ok {
			assert.Equal(t, "ci", q.Labels["team"])
		}
	}
	assert.Equal(t, 2, looked, "Objects applies no rules")
}

// TestRulesAreTheSets checks that Objects of a source does not apply rules.
func TestRulesAreTheSets(t *testing.T) {
	defined := 0
	p := builder.NewPipeline("greet").Describe("greets")
	builder.Add(p, "hello", Hello{Defined: &defined}) // lacks its param
	run := p.Run("r-")
	l := triggers.NewListener("hub").Secret("webhook", "token")
	l.On("push", triggers.GitHubPush(), run)
	for _, s := range []manifest.Source{p, run, l, triggers.NewTemplate("t").Create(run)} {
		_, err := s.Objects()
		require.NoError(t, err)
		var found diag.Findings
		require.ErrorAs(t, manifest.New(s).Build(), &found)
		assert.Equal(t, "param-missing", found[0].Code)
		assert.Equal(t, "set Who in manifest_test.Hello", found[0].Help)
	}
	assert.Equal(t, 1, defined, "no help text runs Define again")
}

// TestRelatedExcerpt checks that a related place in a script is the position of the
// excerpt, not that of the script.
func TestRelatedExcerpt(t *testing.T) {
	objects, found := manifest.Parse([]byte(`apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  steps:
    - name: a
      image: registry.local/alpine:3.20
      script: |
        true
        echo $(params.who)
    - name: b
      image: registry.local/alpine:3.20
      script: |
        true
        true
        echo $(params.who)
`), "t.yaml")
	require.Empty(t, found)
	for _, f := range checkAll(t, objects, check.Profile{}) {
		if f.Code != "param-unknown" {
			continue
		}
		assert.Equal(t, "t.yaml:10:14", f.Position.String())
		require.Len(t, f.Related, 1)
		assert.Equal(t, "$(params.who)", f.Related[0].Excerpt)
		assert.Equal(t, "t.yaml:16:14", f.Related[0].Position.String())
		assert.Equal(t, [2]int{16, 27}, [2]int{f.Related[0].Position.EndLine, f.Related[0].Position.EndColumn})
		return
	}
	t.Error("the unknown param is not found")
}

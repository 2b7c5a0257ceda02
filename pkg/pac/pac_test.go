package pac_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/pac/v1alpha1"
)

// echo is a task with one input.
type echo struct{ Text builder.String }

func (echo) TaskName() string { return "echo" }

func (e echo) Define(t *builder.Task) *builder.PipelineTask {
	text := t.Param("text", e.Text)
	t.Step("echo").Image("docker.io/library/busybox:1.37.0").Requests("10m", "16Mi").Env("TEXT", text).Script(`printf '%s\n' "$TEXT"`)
	return t.PipelineTask()
}

// run returns a run whose only param has the value.
func run(name string, value builder.String) *builder.PipelineRun {
	p := builder.NewPipeline("print")
	text := p.Param("text")
	builder.Add(p, "echo", echo{Text: text})
	return p.Run(builder.String(name), text.Set(value))
}

// annotations returns the annotations of Pipelines-as-Code of a run, without their prefix.
func annotations(t *testing.T, r *pac.PipelineRun) map[string]string {
	t.Helper()
	o, err := r.Object()
	require.NoError(t, err)
	out := map[string]string{}
	for k, v := range o.Object.(*v1.PipelineRun).Annotations {
		out[strings.TrimPrefix(k, "pipelinesascode.tekton.dev/")] = v
	}
	return out
}

// TestAnnotations tests what is written for each event.
func TestAnnotations(t *testing.T) {
	cel := func(expr string) map[string]string { return map[string]string{"on-cel-expression": expr} }
	for name, c := range map[string]struct {
		events []pac.Event
		want   map[string]string
	}{
		"push":       {[]pac.Event{pac.Push()}, cel(`event == "push" && !target_branch.startsWith("refs/tags/")`)},
		"branch":     {[]pac.Event{pac.Push().Branches("main")}, cel(`event == "push" && target_branch == "main"`)},
		"branches":   {[]pac.Event{pac.Push().Branches("main", "next")}, cel(`event == "push" && target_branch in ["main", "next"]`)},
		"glob":       {[]pac.Event{pac.Push().Branches("release/*")}, cel(`event == "push" && target_branch.matches("^release/[^/]*$") && !target_branch.startsWith("refs/tags/")`)},
		"pull":       {[]pac.Event{pac.PullRequest()}, cel(`event == "pull_request"`)},
		"target":     {[]pac.Event{pac.PullRequest().Targets("main", "release/**")}, cel(`event == "pull_request" && (target_branch == "main" || target_branch.matches("^release/.*$"))`)},
		"paths":      {[]pac.Event{pac.PullRequest().Paths("a/**", "go.mod")}, cel(`event == "pull_request" && ("a/**".pathChanged() || "go.mod".pathChanged())`)},
		"path glob":  {[]pac.Event{pac.PullRequest().Paths("**/*.go")}, cel(`event == "pull_request" && files.all.exists(f, f.matches("^(.*/)?[^/]*\\.go$"))`)},
		"ignore":     {[]pac.Event{pac.PullRequest().Paths("a/**").IgnorePaths("**.md")}, cel(`event == "pull_request" && files.all.exists(f, f.matches("^a/.*$") && !(f.matches("^.*\\.md$")))`)},
		"filter":     {[]pac.Event{pac.PullRequest().Filter("!body.pull_request.draft")}, cel(`event == "pull_request" && has(body.pull_request) && (!body.pull_request.draft)`)},
		"guarded":    {[]pac.Event{pac.PullRequest().Filter("!has(body.pull_request) || !body.pull_request.draft")}, cel(`event == "pull_request" && (!has(body.pull_request) || !body.pull_request.draft)`)},
		"tag":        {[]pac.Event{pac.Tag()}, cel(`event == "push" && target_branch.startsWith("refs/tags/")`)},
		"tags":       {[]pac.Event{pac.Tag("v*")}, cel(`event == "push" && target_branch.matches("^refs/tags/v[^/]*$")`)},
		"one tag":    {[]pac.Event{pac.Tag("nightly")}, cel(`event == "push" && target_branch == "refs/tags/nightly"`)},
		"cel":        {[]pac.Event{pac.CEL(`event == "push" && event_title.startsWith("x")`)}, cel(`event == "push" && event_title.startsWith("x")`)},
		"two":        {[]pac.Event{pac.Push().Branches("main"), pac.Tag()}, cel("(event == \"push\" && target_branch == \"main\") ||\n(event == \"push\" && target_branch.startsWith(\"refs/tags/\"))")},
		"comment":    {[]pac.Event{pac.Comment(`^/deploy\b`)}, map[string]string{"on-comment": `^/deploy\b`}},
		"comments":   {[]pac.Event{pac.Comment(`^/deploy\b`), pac.Comment(`^/ship\b`)}, map[string]string{"on-comment": `(^/deploy\b)|(^/ship\b)`}},
		"incoming":   {[]pac.Event{pac.Incoming()}, map[string]string{"on-event": "[incoming]", "on-target-branch": "[*]"}},
		"both":       {[]pac.Event{pac.Push().Branches("main"), pac.Comment("^/x"), pac.Incoming()}, map[string]string{"on-cel-expression": `event == "push" && target_branch == "main"`, "on-comment": "^/x"}},
		"labels":     {[]pac.Event{pac.PullRequest().Labels("e2e", "a, b")}, map[string]string{"on-event": "[pull_request]", "on-target-branch": "[*]", "on-label": "[e2e, a&#44; b]"}},
		"label path": {[]pac.Event{pac.PullRequest().Targets("main").Paths("a/**").Labels("e2e")}, map[string]string{"on-event": "[pull_request]", "on-target-branch": "[main]", "on-path-change": "[a/**]", "on-label": "[e2e]"}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, annotations(t, pac.Run(run("x", "y")).On(c.events...)))
		})
	}
	assert.Equal(t, map[string]string{
		"on-cel-expression": `event == "push" && target_branch == "main"`, "max-keep-runs": "3", "cancel-in-progress": "true", "target-namespace": "ci",
	}, annotations(t, pac.Run(run("x-", "y")).On(pac.Push().Branches("main")).MaxKeepRuns(3).CancelInProgress(true).TargetNamespace("ci")))
}

// TestMistakes tests what is reported, and that it is reported where it was written.
func TestMistakes(t *testing.T) {
	r := pac.NewRepository("shop", "https://github.com/acme/shop").ConcurrencyLimit(1)
	other := pac.NewRepository("blog", "https://github.com/acme/blog").Param("host", "x")
	on := func(e ...pac.Event) *pac.PipelineRun { return pac.Run(run("x", "y")).On(e...) }
	with := func(v builder.String, e ...pac.Event) *pac.PipelineRun { return pac.Run(run("x", v)).On(e...) }
	cloud := func(e pac.Event) *pac.PipelineRun {
		return pac.NewRepository("shop", "https://bitbucket.org/acme/shop").
			Provider(v1alpha1.GitProvider{Type: "bitbucket-cloud", User: "dev"}).Run(run("x", "y")).On(e)
	}
	for want, p := range map[string]*pac.PipelineRun{
		"its Repository has no rule for them":                                                       r.Run(run("x", "y")).On(pac.Incoming()),
		"match nothing on Bitbucket Cloud":                                                          cloud(pac.Push().Paths("a/**")),
		"Comment matches nothing on Bitbucket":                                                      cloud(pac.Comment("^/x")),
		"Labels match nothing on Bitbucket":                                                         cloud(pac.PullRequest().Labels("x")),
		"event-missing: no event starts the run":                                                    on(),
		"pac-event-invalid: an event of the run is nil or empty":                                    on(nil),
		"pac-event-invalid: an event of the run is nil or empty ":                                   on((*pac.PushEvent)(nil)),
		"pac-event-invalid: an event of the run is nil or empty  ":                                  on(new(pac.PushEvent)),
		"filter-empty: Branches has no arguments":                                                   on(pac.Push().Branches()),
		`pattern "refs/heads/main" of Branches begins with refs/`:                                   on(pac.Push().Branches("refs/heads/main")),
		`pattern "v[0-9" of Tag contains a bracket`:                                                 on(pac.Tag("v[0-9")),
		`pattern "{a,b}" of Targets contains a brace`:                                               on(pac.PullRequest().Targets("{a,b}")),
		`pattern "./docs" of Paths matches nothing`:                                                 on(pac.Push().Paths("./docs")),
		`pattern "docs/" of Paths matches nothing`:                                                  on(pac.Push().Paths("docs/")),
		`pattern "{{ revision }}" of Paths contains a handle`:                                       on(pac.Push().Paths(string(pac.Revision))),
		`".*" matches the empty text`:                                                               on(pac.Comment(".*")),
		`"test" matches "/test", a command`:                                                         on(pac.Comment("test")),
		`"(" is not a valid regular expression`:                                                     on(pac.Comment("(")),
		`cel-invalid: the expression "bdy.x" is not valid: undeclared reference to 'bdy'`:           on(pac.Push().Filter("bdy.x")),
		`the expression "body.x.lowerAscii() == 'a'" is not valid`:                                  on(pac.Push().Filter("body.x.lowerAscii() == 'a'")),
		`has a branch with refs/heads/`:                                                             on(pac.CEL(`event == "push" && target_branch == "refs/heads/main"`)),
		`event is never "incoming"`:                                                                 on(pac.CEL(`event == "incoming"`)),
		`event is never "tag"`:                                                                      on(pac.Push().Filter(`event == 'tag'`)),
		`does not compare event`:                                                                    on(pac.CEL(`target_branch == "main"`)),
		`has type string, not bool`:                                                                 on(pac.Push().Filter(`event_title`)),
		`contains {{ or }}`:                                                                         on(pac.Push().Filter(`"{{ x }}" == event_title`)),
		"a pull request with Labels is not the only event":                                          on(pac.PullRequest().Labels("a"), pac.Push()),
		"a pull request with Labels also has IgnorePaths or Filter":                                 on(pac.PullRequest().Labels("a").IgnorePaths("b")),
		`pattern "a/*" of a pull request with Labels`:                                               on(pac.PullRequest().Labels("a").Paths("a/*")),
		"pac-limit-invalid: MaxKeepRuns is 0":                                                       on(pac.Push()).MaxKeepRuns(0),
		"pac-cancel-ignored":                                                                        r.Run(run("x", "y")).On(pac.Push()).CancelInProgress(true),
		`name-invalid: the name of the run contains a value of the event: "x-{{ revision }}"`:       pac.Run(run("x-"+string(pac.Revision), "y")).On(pac.Push()),
		`pac-variable-empty: the run uses "{{ git_tag }}", which is empty: it is started by a push`: with(pac.GitTag, pac.Push()),
		`pac-variable-empty: the run uses "{{ pull_request_number }}", which is empty`:              with(pac.PullRequestNumber, pac.Push()),
		`handle-foreign: the run uses "{{ host }}", a param of Repository "blog"`:                   with(other, pac.Push()),
		`pac-value-adjacent`:                                                                        with(pac.SourceBranch+pac.Sender, pac.PullRequest()),
		`pac-value-adjacent: the text "{`:                                                           with("{"+pac.SourceBranch, pac.PullRequest()),
		`uses a field that is not defined`:                                                          with(pac.Body("a b"), pac.Push()),
		`annotation "pipelinesascode.tekton.dev/on-x`:                                               pac.Run(run("x", "y").Annotate("pipelinesascode.tekton.dev/on-x", "y")).On(pac.Push()),
		`label "branch" uses "{{ source_branch }}"`:                                                 pac.Run(run("x", "y").Label("branch", pac.SourceBranch)).On(pac.Push()),
		`run-invalid: the run is nil`:                                                               pac.Run(nil).On(pac.Push()),
	} {
		t.Run(want, func(t *testing.T) {
			err := manifest.New(p).Build()
			require.Error(t, err)
			assert.Contains(t, err.Error(), strings.TrimSpace(want))
			if !strings.HasPrefix(want, "run-invalid") {
				assert.Contains(t, err.Error(), "pac_test.go:")
			}
		})
	}
}

// TestAdvice tests that what may be meant is a warning.
func TestAdvice(t *testing.T) {
	set := manifest.New(pac.Run(run("x", pac.PullRequestNumber)).On(pac.Push().Branches("main"), pac.PullRequest()))
	require.NoError(t, set.Build())
	found := set.Findings()
	require.Len(t, found, 1)
	assert.Equal(t, diag.Warning, found[0].Severity)
	assert.Equal(t, "pac-variable-empty", found[0].Code)
}

// TestScripts tests that no value can become a part of a script.
func TestScripts(t *testing.T) {
	p := builder.NewPipeline("p")
	builder.Add(p, "bad", script{"echo {{ source_branch }}"})
	err := manifest.New(pac.Run(p.Run("x")).On(pac.Push())).Build()
	require.ErrorContains(t, err, "input-in-script")
	assert.ErrorContains(t, err, "pass the value to a param of the pipeline")

	p = builder.NewPipeline("p")
	builder.Add(p, "bad", script{"echo " + string(pac.Revision)})
	err = manifest.New(pac.Run(p.Run("x")).On(pac.Push())).Build()
	assert.ErrorContains(t, err, "input-in-script")

	p = builder.NewPipeline("p")
	builder.Add(p, "good", script{"docker inspect --format '{{.Id}} {{ .Config.Image }}' x"})
	assert.NoError(t, manifest.New(pac.Run(p.Run("x")).On(pac.Push())).Build())
}

type script struct{ text string }

func (script) TaskName() string { return "script" }

func (s script) Define(t *builder.Task) *builder.PipelineTask {
	t.Step("run").Image("docker.io/library/busybox:1.37.0").Requests("10m", "16Mi").Script(s.text)
	return t.PipelineTask()
}

// TestInline tests that a run can be one file.
func TestInline(t *testing.T) {
	objects, err := pac.Run(run("x", pac.Revision)).On(pac.Push()).Inline().Objects()
	require.NoError(t, err)
	require.Len(t, objects, 1)
	o := objects[0].Object.(*v1.PipelineRun)
	assert.Nil(t, o.Spec.PipelineRef)
	require.Len(t, o.Spec.PipelineSpec.Tasks, 1)
	assert.Nil(t, o.Spec.PipelineSpec.Tasks[0].TaskRef)
	assert.Equal(t, "echo", o.Spec.PipelineSpec.Tasks[0].TaskSpec.Steps[0].Name)
	assert.NoError(t, manifest.New(pac.Run(run("x", pac.Revision)).On(pac.Push()).Inline()).Build())
}

// TestRepository tests what is rejected, and what is written.
func TestRepository(t *testing.T) {
	repo := func(url string) *pac.Repository { return pac.NewRepository("shop", url) }
	good := "https://github.com/acme/shop"
	param := func(p v1alpha1.Param) *pac.Repository { r := repo(good); r.ParamFrom(p); return r }
	for want, r := range map[string]*pac.Repository{
		"the URL of the Repository is empty":                 repo(""),
		"not an http or https URL":                           repo("git@github.com:acme/shop"),
		"ends in .git":                                       repo(good + ".git"),
		"on GitHub it has an owner and a name":               repo(good + "/x"),
		"the concurrency limit is 0":                         repo(good).ConcurrencyLimit(0),
		`the type of the provider is "hub"`:                  repo(good).Provider(v1alpha1.GitProvider{Type: "hub"}),
		"bitbucket-cloud has no user":                        repo("https://bitbucket.org/a/b").Provider(v1alpha1.GitProvider{Type: "bitbucket-cloud"}),
		"an incoming rule has no targets":                    repo(good).Incoming("s", "k"),
		`target "v[0-9" of an incoming rule`:                 repo(good).Incoming("s", "k", "v[0-9"),
		`pipelinerun_provenance is "main"`:                   repo(good).Settings(v1alpha1.Settings{PipelineRunProvenance: "main"}),
		`param "revision" of the Repository has the name of`: param(v1alpha1.Param{Name: "revision", Value: "x"}),
		`param "event" of the Repository has the name of`:    param(v1alpha1.Param{Name: "event", Value: "x"}),
		`param "body_x" of the Repository begins with body`:  param(v1alpha1.Param{Name: "body_x", Value: "x"}),
		`param "a-b" of the Repository has a name that`:      param(v1alpha1.Param{Name: "a-b", Value: "x"}),
		"has neither a value nor a Secret":                   param(v1alpha1.Param{Name: "host"}),
		"the key has no default":                             param(v1alpha1.Param{Name: "host", SecretRef: &v1alpha1.Secret{Name: "x"}}),
		"compares event, which is always empty":              param(v1alpha1.Param{Name: "host", Value: "x", Filter: `event == "push"`}),
		"fails for events without it":                        param(v1alpha1.Param{Name: "host", Value: "x", Filter: `body.pull_request.draft`}),
		`the name of the Repository is "Shop"`:               pac.NewRepository("Shop", good),
		"timeout_seconds of ai is 301": repo(good).Settings(v1alpha1.Settings{AIAnalysis: &v1alpha1.AIAnalysisConfig{
			Provider: "openai", TimeoutSeconds: 301, TokenSecretRef: &v1alpha1.Secret{Name: "x"}, Roles: []v1alpha1.AnalysisRole{{Name: "a", Prompt: "b"}}}}),
	} {
		t.Run(want, func(t *testing.T) {
			err := manifest.New(r).Build()
			require.Error(t, err)
			assert.Contains(t, err.Error(), want)
			assert.Contains(t, err.Error(), "pac_test.go:")
		})
	}
	r := repo(good).Incoming("hook", "token", "main").IncomingParams("version")
	host := r.Param("host", "registry.example.com")
	token := r.ParamFrom(v1alpha1.Param{Name: "token", SecretRef: &v1alpha1.Secret{Name: "api", Key: "token"}})
	o, err := r.Object()
	require.NoError(t, err)
	spec := o.Object.(*v1alpha1.Repository).Spec
	assert.Equal(t, v1alpha1.RepositorySpec{URL: good,
		Params:    []v1alpha1.Param{{Name: "host", Value: "registry.example.com"}, {Name: "token", SecretRef: &v1alpha1.Secret{Name: "api", Key: "token"}}},
		Incomings: []v1alpha1.Incoming{{Type: "webhook-url", Secret: v1alpha1.Secret{Name: "hook", Key: "token"}, Params: []string{"version"}, Targets: []string{"main"}}},
	}, spec)
	r.Run(run("a", host+"/app")).On(pac.Push())
	r.Run(run("b", token)).On(pac.Push())
	set := manifest.New(r).PaC(r.Runs())
	require.NoError(t, set.Build())
	found := set.Findings()
	require.Len(t, found, 1)
	assert.Equal(t, "pac-secret-shown", found[0].Code)
}

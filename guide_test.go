package tekwright_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// Version reads the version of a program from a file of its repository.
type Version struct {
	Source builder.Workspace // the repository; required
	File   builder.String    // default: VERSION
}

// Versioned is the output of Version.
type Versioned struct {
	*builder.PipelineTask
	Version builder.String
}

func (Version) TaskName() string { return "version" }

func (v Version) Define(t *builder.Task) Versioned {
	source := t.Workspace("source", v.Source, builder.ReadOnly())
	file := t.Param("file", v.File, builder.Default("VERSION"))
	version := t.Result("version")
	t.Step("read").Image("docker.io/library/busybox:1.37.0").
		SecurityContext(tasks.Unprivileged()).Requests("10m", "16Mi").
		WorkingDir(source.PathValue()).
		Env("FILE", file). // inputs reach scripts through the environment
		Script(`version=$(head -n 1 "$FILE")
printf '%s' "$version" > ` + version.Path())
	return Versioned{t.PipelineTask(), version.Value()}
}

// TestGuideBuilds builds what docs/guide.md shows.
func TestGuideBuilds(t *testing.T) {
	p := builder.NewPipeline("release")
	repo, rev, src := p.Param("repo"), p.Param("revision"), p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src})
	version := builder.Add(p, "version", Version{Source: clone.Source})
	version.Retries(2)
	p.Result("version", version.Version) // a result of the pipeline

	p.AddFinallyInline("report", func(t *builder.Task) {
		url := t.Param("url", repo) // values of the pipeline come in as params
		t.Step("report").Image("docker.io/library/busybox:1.37.0").Requests("50m", "16Mi").
			Env("URL", url).Script(`echo "cannot read the version of $URL"`)
	}).When(version.Status().In(builder.Failed))

	push := triggers.GitHubPush().Branches("main")
	run := p.Run("release-", repo.Set(push.CloneURL), rev.Set(push.SHA), src.VolumeClaimTemplate("1Gi")).
		ServiceAccount("release").FSGroup(tasks.Group)
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("release", push, run).Repositories("acme/app")

	set := manifest.New(listener, infra.ListenerRBAC(listener), infra.WebhookSecret("github-webhook", "token"),
		infra.NewIngress("hooks", "ci.example.com").TLS("hooks-tls").Exact("/hooks", listener)).Namespace("ci")
	once := p.Run("release-", repo.Set("https://git.example.com/app.git"), rev.Set("main"), src.VolumeClaimTemplate("1Gi"))
	object, err := once.PipelineRun() // the upstream struct
	require.NoError(t, err)
	runs := manifest.New(manifest.FromObjects(object)) // for kubectl create
	require.NoError(t, runs.Build())
	objects, err := set.Objects()
	require.NoError(t, err)
	kinds := map[string]bool{}
	for _, o := range objects {
		kinds[o.Ref().Kind] = true
	}
	for _, kind := range []string{"TriggerBinding", "TriggerTemplate", "Trigger", "EventListener", "ServiceAccount", "Role", "Ingress"} {
		assert.True(t, kinds[kind], "docs/guide.md promises a %s", kind)
	}
}

// TestGuidePaC builds what docs/guide.md shows of Pipelines-as-Code, and compares it.
func TestGuidePaC(t *testing.T) {
	p := builder.NewPipeline("test")
	repo, rev, src, auth := p.Param("repo"), p.Param("revision"), p.Workspace("source"), p.Workspace("basic-auth")
	builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src, BasicAuth: auth})
	// guide: begin
	shop := pac.NewRepository("shop", "https://github.com/acme/shop")
	shop.Run(p.Run("test", repo.Set(pac.SourceURL), rev.Set(pac.Revision),
		src.VolumeClaimTemplate("1Gi"), auth.Secret(pac.GitAuthSecret))).
		On(pac.PullRequest().Targets("main").Paths("services/**").IgnorePaths("**.md")).
		CancelInProgress(true).MaxKeepRuns(5)
	set := manifest.New(shop).Namespace("ci").PaC(shop.Runs())
	// guide: end
	require.NoError(t, set.Build())
	for _, f := range set.Findings() {
		assert.Equal(t, diag.Note, f.Severity, "%v", f)
	}
	source := read(t, "guide_test.go")
	_, program, _ := strings.Cut(source, "\t// guide: begin\n")
	program, _, _ = strings.Cut(program, "\t// guide: end\n")
	assert.Contains(t, read(t, "docs/guide.md"), program, "docs/guide.md differs")
}

// TestGuideAround builds what docs/guide.md shows around a system, and compares it.
func TestGuideAround(t *testing.T) {
	p := builder.NewPipeline("release")
	src := p.Workspace("source")
	builder.Add(p, "deploy", tasks.KubectlApply{Source: src, Namespace: "shop", Path: "deploy"})
	run, nightly := p.Run("release-", src.PVC("shop")).ServiceAccount("release"), p.Run("nightly-", src.PVC("shop")).ServiceAccount("release")
	push := triggers.GitHubPush()
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("release", push, run).Repositories("acme/app")
	rules := []rbacv1.PolicyRule{{APIGroups: []string{"tekton.dev"}, Resources: []string{"pipelineruns"}, Verbs: []string{"get", "list"}}}
	set := manifest.New(listener)
	// around: begin
	rbac := infra.RunRBAC(run).Named("release", "deployments.apps", "shop") // deploys may change one object
	rbac.ServiceAccount("release").PullSecrets("registry-auth")             // what RunRBAC derives, with more
	set.Add(rbac,
		infra.DockerConfig("registry-auth").OwnedBy("the platform team"), // used and checked, but not created
		infra.NewExternalSecret(infra.NewSecret("slack", "token"), "vault").Key("token", "ci/slack", "token"),
		infra.NewHTTPRoute("hooks", "ci.example.com").Gateway("public", "gateways", "https").Exact("/hooks", listener),
		infra.NewListenerPolicy(listener).From("gateways"), // a NetworkPolicy
		infra.NewSchedule("nightly", "0 3 * * *", nightly), // a CronJob that creates a run
		infra.NewRole("look", "", rules...).BindGroups("release-managers"))
	admin := manifest.New(infra.NewApplyRBAC("deployer", set).Follow()) // for whoever applies the set
	// around: end
	require.NotEmpty(t, objectsOf(t, admin))
	kinds := map[string]bool{}
	for _, o := range objectsOf(t, set) {
		kinds[o.Ref().Kind] = true
	}
	for _, kind := range []string{"ExternalSecret", "HTTPRoute", "NetworkPolicy", "CronJob", "RoleBinding"} {
		assert.True(t, kinds[kind], "docs/guide.md promises a %s", kind)
	}
	source := read(t, "guide_test.go")
	_, program, _ := strings.Cut(source, "\t// around: begin\n")
	program, _, _ = strings.Cut(program, "\t// around: end\n")
	assert.Contains(t, read(t, "docs/guide.md"), program, "docs/guide.md differs")
}

func objectsOf(t *testing.T, set *manifest.Set) []object.Object {
	objects, err := set.Objects()
	require.NoError(t, err)
	return objects
}

// Module loads a kernel module.
type Module struct{}

func (Module) TaskName() string { return "module" }

func (Module) Define(t *builder.Task) *builder.PipelineTask {
	yes := true
	t.Step("load").Image("docker.io/library/busybox:1.37.0").Requests("10m", "16Mi").
		SecurityContext(corev1.SecurityContext{Privileged: &yes}).Script("modprobe x")
	// suppress: begin
	t.Annotate(check.Suppress(check.Privileged), "it loads a kernel module")
	// suppress: end
	return t.PipelineTask()
}

// Legacy has a script that must not be changed.
type Legacy struct{ Version builder.String }

func (Legacy) TaskName() string { return "legacy" }

func (l Legacy) Define(t *builder.Task) *builder.PipelineTask {
	version := t.Param("version", l.Version)
	t.Step("tag").Image("docker.io/library/busybox:1.37.0").Requests("10m", "16Mi").
		PasteScript("git tag $(params.version)", version)
	return t.PipelineTask()
}

// TestGuideSuppress suppresses what docs/guide.md shows, and nothing is left.
func TestGuideSuppress(t *testing.T) {
	p := builder.NewPipeline("p")
	builder.Add(p, "module", Module{})
	builder.Add(p, "legacy", Legacy{Version: p.Param("version")})
	set := manifest.New(p)
	require.Len(t, set.Findings(), 1)
	assert.Equal(t, check.InputInScript, set.Findings()[0].Code)
	// suppress: begin
	set.Accept(check.Accepted{ // for an object that must not be changed
		Object: diag.ObjectRef{Kind: "Task", Name: "legacy"}, Code: check.InputInScript,
		Reason: "only the release team starts it",
	})
	// suppress: end
	assert.Empty(t, set.Findings())
	parts := strings.Split(read(t, "guide_test.go"), "\t// suppress: begin\n")[1:]
	for _, part := range parts[:2] {
		shown, _, _ := strings.Cut(part, "\t// suppress: end\n")
		assert.Contains(t, read(t, "docs/guide.md"), "```go\n"+shown+"```\n")
	}
}

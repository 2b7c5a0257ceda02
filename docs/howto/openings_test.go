package howto_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/client-go/rest" //nolint:depguard // the argument of cluster.New

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/cluster"
	"github.com/tekwright/tekwright/pkg/config"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/generate"
	"github.com/tekwright/tekwright/pkg/generate/generatetest"
	"github.com/tekwright/tekwright/pkg/graph"
	"github.com/tekwright/tekwright/pkg/importtest"
	"github.com/tekwright/tekwright/pkg/infra"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/rule"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/pkg/tasktest"
	"github.com/tekwright/tekwright/pkg/triggers"
)

// TestOpenings: the documentation of each package opens with three things that people do
// with it, and their code is that of this file.
func TestOpenings(t *testing.T) {
	want := map[string][]string{}
	text := read(t, "openings_test.go")
	for _, m := range regexp.MustCompile(`(?ms)^(\t*)// doc ([a-z]+)\n(.*?)^\t*// end\n`).FindAllStringSubmatch(text, -1) {
		want[m[2]] = append(want[m[2]], regexp.MustCompile(`(?m)^`+m[1]).ReplaceAllString(m[3], ""))
	}
	packages, err := filepath.Glob("../../pkg/*")
	require.NoError(t, err)
	packages = slices.DeleteFunc(packages, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		return err == nil // a module of its own
	})
	for _, dir := range packages {
		name := filepath.Base(dir)
		blocks := opening(t, dir)
		assert.Len(t, blocks, 3, "the documentation of package %s", name)
		assert.Equal(t, want[name], blocks, "the documentation of package %s", name)
		assert.LessOrEqual(t, strings.Count(strings.Join(blocks, ""), "\n"), 18, "the first blocks of package %s are too long", name)
	}
	assert.Len(t, want, len(packages))
}

// opening returns the blocks of code before the first heading of the documentation of a package.
func opening(t *testing.T, dir string) (blocks []string) {
	t.Helper()
	var doc *ast.CommentGroup
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly)
		require.NoError(t, err)
		if file.Doc != nil && !strings.HasSuffix(name, "_test.go") {
			assert.Nil(t, doc, "two files of %s have documentation of the package", dir)
			doc = file.Doc
		}
	}
	require.NotNil(t, doc, dir)
	first, _, _ := strings.Cut(doc.Text(), "\n# ")
	for paragraph := range strings.SplitSeq(first, "\n\n") {
		if code := strings.Trim(paragraph, "\n"); strings.HasPrefix(code, "\t") {
			blocks = append(blocks, strings.ReplaceAll("\n"+code, "\n\t", "\n")[1:]+"\n")
		}
	}
	return blocks
}

func openBuilder() error {
	// doc builder
	p := builder.NewPipeline("release")
	repo, src := p.Param("repo"), p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	test.Retries(1)
	// end
	// doc builder
	p.AddInline("show", func(t *builder.Task) {
		commit := t.Param("commit", clone.Commit)
		t.Step("show").Image("docker.io/library/busybox:1.37.0").Env("COMMIT", commit).Script(`echo "$COMMIT"`)
	})
	// end
	// doc builder
	run := p.Run("release-", repo.Set("https://git.example.com/app.git"), src.VolumeClaimTemplate("1Gi"))
	err := manifest.New(run).Write(os.Stdout)
	// end
	return err
}

func openTasks(p *builder.Pipeline, repo, image builder.String, src builder.Workspace) {
	// doc tasks
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	// end
	// doc tasks
	img := builder.Add(p, "image", tasks.BuildKit{Source: clone.Source, Image: image + ":" + clone.Commit})
	img.After(test)
	// end
	// doc tasks
	deploy := builder.Add(p, "deploy", tasks.HelmDeploy{
		Source: clone.Source, Chart: "chart", Release: "app", Namespace: "prod",
		Set: builder.Strings("image.digest=" + img.Digest),
	})
	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "app", Namespace: "prod"}).
		When(deploy.Status().In(builder.Failed))
	// end
}

func openTriggers(p *builder.Pipeline, repo, rev builder.String) {
	// doc triggers
	push := triggers.GitHubPush().Branches("main")
	listener := triggers.NewListener("github").Secret("github-webhook", "token")
	listener.On("release", push, p.Run("release-", repo.Set(push.CloneURL), rev.Set(push.SHA))).Repositories("acme/app")
	// end
	// doc triggers
	pr := triggers.GitHubPullRequest().Targets("main").Paths("**/*.go")
	listener.On("test", pr, p.Run("test-"+pr.Number+"-", repo.Set(pr.CloneURL), rev.Set(pr.SHA))).
		AuthorIDs("583231").Token("github-api", "token")
	// end
	// doc triggers
	event := triggers.AnyEvent()
	listener.On("scan", event, p.Run("scan-", repo.Set(event.Body("repository.url")), rev.Set("main"))).
		Filter("body.action == 'published'").Intercept(triggers.WebhookInterceptor("verify"))
	// end
}

func openPaC(p *builder.Pipeline, repo, rev builder.String) (*pac.Outcome, error) {
	// doc pac
	shop := pac.NewRepository("shop", "https://github.com/acme/shop")
	shop.Run(p.Run("test", repo.Set(pac.SourceURL), rev.Set(pac.Revision))).
		On(pac.PullRequest().Targets("main").Paths("services/**"))
	// end
	// doc pac
	generate.Main(manifest.New(shop).Namespace("ci").PaC(shop.Runs())) // -o manifests -pac .tekton
	// end
	// doc pac
	outcome, err := pac.Matches(os.DirFS(".tekton"), pac.GitHubPush("https://github.com/acme/shop", "refs/heads/main", "go.mod"))
	// end
	return outcome, err
}

func openInfra(run *builder.PipelineRun, listener *triggers.Listener) {
	set := manifest.New(run, listener)
	// doc infra
	set.Add(infra.ListenerRBAC(listener), infra.NewNamespace("ci"))
	// end
	// doc infra
	set.Add(infra.DockerConfig("registry"), infra.WebhookSecret("github-webhook", "token").FromEnv("token", "WEBHOOK"))
	// end
	// doc infra
	set.Add(infra.NewIngress("hooks", "ci.example.com").TLS("hooks-tls").Exact("/hooks", listener),
		infra.NewListenerPolicy(listener).From("ingress"))
	// end
}

func openManifest(pipeline *builder.Pipeline, run *builder.PipelineRun) error {
	// doc manifest
	set := manifest.New(pipeline, run).Namespace("ci")
	if err := set.WriteDir("manifests"); err != nil {
		return err // every problem at once, each with its file:line
	}
	// end
	// doc manifest
	if err := set.CheckDir("manifests"); err != nil {
		return err // the folder is not what WriteDir would write
	}
	// end
	// doc manifest
	existing, err := manifest.ReadDir("tekton")
	set.Add(existing)
	// end
	return err
}

func openCheck(ctx context.Context, objects []object.Object) (string, error) {
	// doc check
	loaded, err := manifest.Load(ctx, []string{"tekton"}, manifest.LoadOptions{})
	if err != nil {
		return "", err
	}
	findings, err := check.RunLoaded(ctx, loaded.Objects, loaded.Findings, check.Profile{})
	// end
	if err != nil {
		return "", err
	}
	fmt.Println(findings)
	// doc check
	findings, err = check.Run(ctx, objects, check.Profile{Complete: true})
	if err == nil {
		err = findings.Err() // every error, each with its position
	}
	// end
	// doc check
	text := ""
	if r, ok := check.Lookup(check.ParamMissing); ok {
		text = r.Text
	}
	// end
	return text, err
}

func openConfig(ctx context.Context) (diag.Findings, error) {
	// doc config
	finder := &config.Finder{}
	loaded, err := manifest.Load(ctx, []string{"."}, manifest.LoadOptions{Excluded: finder.Excludes})
	if err != nil {
		return nil, err // such as a mistake in a configuration
	}
	// end
	// doc config
	findings, err := check.RunLoaded(ctx, loaded.Objects, loaded.Findings, finder.Profile(check.Profile{}, nil))
	// end
	if err != nil {
		return findings, err
	}
	// doc config
	c, err := finder.Of("tekton/build.yaml") // the nearest one; nil if there is none
	// end
	fmt.Println(c)
	return findings, err
}

func openCluster(ctx context.Context, config *rest.Config, set *manifest.Set, run *builder.PipelineRun) error {
	// doc cluster
	client, err := cluster.New(config, cluster.Options{Namespace: "ci"})
	if err != nil {
		return err
	}
	changes, err := client.Apply(ctx, set, cluster.ApplyOptions{Set: "release", Prune: true})
	// end
	if err != nil {
		return err
	}
	fmt.Println(changes)
	// doc cluster
	started, err := client.Start(ctx, run, cluster.StartOptions{Apply: &cluster.ApplyOptions{}})
	// end
	if err != nil {
		return err
	}
	// doc cluster
	outcome, err := started.Follow(ctx, cluster.FollowOptions{Logs: true, Events: func(e cluster.Event) { fmt.Println(e) }})
	if err == nil {
		err = outcome.Err() // a *RunError: which task, step, exit code, and its last lines
	}
	// end
	return err
}

func openDiag(err error, findings diag.Findings) {
	// doc diag
	for _, f := range findings {
		if f.Severity == diag.Error {
			fmt.Println(f.Position, f.Code, f.Message)
		}
	}
	// end
	// doc diag
	if all, ok := errors.AsType[diag.Findings](err); ok {
		fmt.Println(len(all), "mistakes")
	}
	// end
	// doc diag
	path := diag.Fields("spec", "tasks").Index(2).Field("params") // spec.tasks[2].params
	// end
	fmt.Println(path)
}

func openGenerate(system func() *manifest.Set, t *testing.T) {
	// doc generate
	generate.Main(system()) // the flags are those of the program: go run . -o manifests
	// end
	// doc generate
	generatetest.Check(t, system, "-o", "manifests") // fails if the folder is not up to date
	// end
	// doc generate
	code := generate.Run(system(), generate.Env{Args: []string{"-o", "manifests"}, Stdout: os.Stdout, Stderr: os.Stderr})
	// end
	fmt.Println(code)
}

func openImporttest(t *testing.T, set, runs *manifest.Set) {
	// doc importtest
	importtest.Same(t, set, "testdata/import") // set is what the Go describes, the folder has the YAML
	// end
	// doc importtest
	importtest.Same(t, set, "testdata/import", importtest.Runs(runs))
	// end
	// doc importtest
	importtest.Same(t, set, "testdata/import", importtest.Exact())
	// end
}

func openGraph() {
	// doc graph
	g := graph.New()
	g.AddNodes("clone", "lint", "test", "image")
	g.AddEdge("test", "clone") // test runs after clone
	g.AddEdge("image", "test")
	// end
	// doc graph
	order, cycles, before := g.Order(), g.Cycles(), g.Reaches("clone", "image")
	// end
	// doc graph
	fmt.Println(graph.Diagram{Title: "release", Graph: g}.Mermaid()) // or DOT
	// end
	fmt.Println(order, cycles, before)
}

func openObject(p *builder.Pipeline) error {
	// doc object
	objects, err := p.Objects()
	if err != nil {
		return err
	}
	// end
	// doc object
	for _, o := range objects {
		if task, ok := o.Object.(*v1.Task); ok {
			fmt.Println(task.Name, len(task.Spec.Steps))
		}
	}
	// end
	// doc object
	fmt.Println(objects[0].Ref(), objects[0].At(diag.Fields("spec", "steps").Index(0))) // file:line
	// end
	return nil
}

func openRule(ctx context.Context, objects []object.Object) (diag.Findings, error) {
	// doc rule
	team := &rule.Rule{Code: "team-missing", Severity: diag.Warning, Kinds: []string{"Task", "Pipeline"}}
	team.Run = func(p *rule.Pass) {
		if p.Entry.Labels()["team"] == "" {
			p.Report(p.At("metadata"), p.Entry.Label()+" has no label team", "add the name of your team")
		}
	}
	// end
	// doc rule
	findings, err := check.Run(ctx, objects, check.Profile{Rules: []*rule.Rule{team}})
	// end
	if err != nil {
		return nil, err
	}
	// doc rule
	latest := &rule.Rule{Code: "image-latest", Severity: diag.Error, Kinds: []string{"StepAction"}, Run: func(p *rule.Pass) {
		at := p.At("spec", "image")
		p.Report(at, "the image is always the newest one", "set a version").Fix("set version 3", false, rule.Replace(at, ":latest", ":3"))
	}}
	// end
	return append(findings, diag.Finding{Code: latest.Code}), nil
}

// The programs above are compiled and not run.
var _ = []any{
	openBuilder, openTasks, openTriggers, openPaC, openInfra, openManifest, openCheck, openConfig,
	openCluster, openDiag, openGenerate, openGraph, openImporttest, openObject, openRule, openTasktest,
}

func openTasktest(t *testing.T, task manifest.Source) {
	// doc tasktest
	c := tasktest.Case{
		Task:     tasktest.Define(task),
		Params:   tasktest.Params{"namespace": "staging"},
		Commands: map[string]tasktest.Command{"kubectl": {Stdin: true}},
	}
	host := tasktest.Host{Path: os.Getenv("PATH")}
	tasktest.Do(t, c, host).OK(t).Called(t, "kubectl", "apply", "--namespace", "staging")
	// end
	// doc tasktest
	tasktest.Hostile(t, c, host, "namespace") // no value is run, or arrives changed
	// end
	// doc tasktest
	tasktest.Do(t, c, tasktest.Containers{}).OK(t) // in the images of the steps
	// end
}

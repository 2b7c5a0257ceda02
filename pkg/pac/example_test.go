package pac_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/pac"
	"github.com/tekwright/tekwright/pkg/tasks"
)

func checkout() (p *builder.Pipeline, run func(name string) *builder.PipelineRun) {
	p = builder.NewPipeline("checkout")
	repo, rev := p.Param("repo"), p.Param("revision")
	src, auth := p.Workspace("source"), p.Workspace("basic-auth")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src, BasicAuth: auth})
	builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	return p, func(name string) *builder.PipelineRun {
		return p.Run(builder.String(name), repo.Set(pac.RepoURL), rev.Set(pac.Revision),
			src.VolumeClaimTemplate("1Gi"), auth.Secret(pac.GitAuthSecret)).FSGroup(tasks.Group)
	}
}

func ExampleRun() {
	_, run := checkout()
	push := pac.Run(run("checkout-push")).On(pac.Push().Branches("main").Paths("services/checkout/**")).MaxKeepRuns(5)
	o, err := push.Object()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := manifest.NewEncoder(os.Stdout).Encode(o.Object); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: tekton.dev/v1
	// kind: PipelineRun
	// metadata:
	//   name: checkout-push
	//   annotations:
	//     pipelinesascode.tekton.dev/max-keep-runs: "5"
	//     pipelinesascode.tekton.dev/on-cel-expression: event == "push" && target_branch == "main" && "services/checkout/**".pathChanged()
	// spec:
	//   pipelineRef:
	//     name: checkout
	//   params:
	//     - name: repo
	//       value: '{{ repo_url }}'
	//     - name: revision
	//       value: '{{ revision }}'
	//   taskRunTemplate:
	//     podTemplate:
	//       securityContext:
	//         fsGroup: 65534
	//   workspaces:
	//     - name: source
	//       volumeClaimTemplate:
	//         spec:
	//           accessModes:
	//             - ReadWriteOnce
	//           resources:
	//             requests:
	//               storage: 1Gi
	//     - name: basic-auth
	//       secret:
	//         secretName: '{{ git_auth_secret }}'
}

// A Repository, a run that uses its param, and what each of the two folders gets.
func ExampleRepository() {
	p := builder.NewPipeline("publish")
	repo, rev, image := p.Param("repo"), p.Param("revision"), p.Param("image")
	src := p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src})
	builder.Add(p, "build", tasks.BuildKit{Source: clone.Source, Image: image})

	shop := pac.NewRepository("shop", "https://github.com/acme/shop")
	registry := shop.Param("registry", "registry.example.com")
	shop.Run(p.Run("publish", repo.Set(pac.RepoURL), rev.Set(pac.Revision), image.Set(registry+"/shop:"+pac.GitTag),
		src.VolumeClaimTemplate("1Gi")).FSGroup(tasks.Group)).On(pac.Tag("v1.*"))

	for _, set := range []*manifest.Set{manifest.New(shop), manifest.New(shop.Runs())} {
		objects, err := set.Objects()
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range objects {
			fmt.Println(o.Ref())
		}
	}
	// Output:
	// Repository "shop"
	// Task "git-clone"
	// Task "buildkit"
	// Pipeline "publish"
	// PipelineRun "publish"
}

// The title of a pull request can be anything. It is written so that it remains a text.
func ExampleBody() {
	p := builder.NewPipeline("announce")
	title := p.Param("title")
	builder.Add(p, "print", echo{Text: title})
	run := pac.Run(p.Run("announce", title.Set(pac.Body("pull_request.title")))).On(pac.PullRequest())
	o, err := run.Object()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.Object.(*v1.PipelineRun).Spec.Params[0].Value.StringVal)
	// Output:
	// {{ cel: "%s".format([body.pull_request.title]).replace("\r", "").replace("\n", "\\n").replace("{{", "{ { ").replace("$(", "$ (").replace("\x27", "\x27\x27") }}
}

// A value that the events of a run never have is an error.
func ExamplePipelineRun_On() {
	p := builder.NewPipeline("announce")
	number := p.Param("number")
	builder.Add(p, "print", echo{Text: number})
	run := pac.Run(p.Run("announce", number.Set(pac.PullRequestNumber))).On(pac.Push().Branches("main"))
	if found, ok := errors.AsType[diag.Findings](manifest.New(run).Build()); ok {
		fmt.Println(found[0].Message)
		fmt.Println(found[0].Help)
	}
	// Output:
	// the run uses "{{ pull_request_number }}", which is empty: it is started by a push
	// remove it, or add an event that has it: a pull request or a comment
}

// One program writes the folders of many repositories.
func Example_manyRepositories() {
	root, err := os.MkdirTemp("", "repositories")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)
	folders := map[string]*manifest.Set{}
	for _, name := range []string{"cart", "catalog"} {
		p := builder.NewPipeline("test-" + name)
		repo, rev, src := p.Param("repo"), p.Param("revision"), p.Workspace("source")
		clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Revision: rev, Output: src})
		builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
		run := p.Run("test", repo.Set(pac.SourceURL), rev.Set(pac.Revision), src.VolumeClaimTemplate("1Gi")).FSGroup(tasks.Group)
		folders[filepath.Join(root, name, ".tekton")] = manifest.New(pac.Run(run).On(pac.PullRequest(), pac.Push().Branches("main")))
	}
	if err := manifest.WriteDirs(folders); err != nil {
		fmt.Println(err)
	}
	files, _ := filepath.Glob(filepath.Join(root, "*", ".tekton", "*.yaml"))
	for _, f := range files {
		short, _ := filepath.Rel(root, f)
		fmt.Println(filepath.ToSlash(short))
	}
	fmt.Println(manifest.CheckDirs(folders))
	// Output:
	// cart/.tekton/pipeline-test-cart.yaml
	// cart/.tekton/pipelinerun-test.yaml
	// cart/.tekton/task-git-clone.yaml
	// cart/.tekton/task-go-test.yaml
	// catalog/.tekton/pipeline-test-catalog.yaml
	// catalog/.tekton/pipelinerun-test.yaml
	// catalog/.tekton/task-git-clone.yaml
	// catalog/.tekton/task-go-test.yaml
	// <nil>
}

package pac_test

import (
	"fmt"
	"os"

	"github.com/tekwright/tekwright/pkg/builder"
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

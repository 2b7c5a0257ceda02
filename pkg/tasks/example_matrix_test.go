package tasks_test

import (
	"fmt"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// The images of all services that changed are built, each from its directory. Each build
// is retried twice. The last task gets a reference with the digest of each service.
func Example_matrix() {
	p := builder.NewPipeline("images")
	repo, before, registry, src := p.Param("repo"), p.Param("before"), p.Param("registry"), p.Workspace("source")

	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	changes := builder.Add(p, "changes", tasks.ChangedPaths{
		URL: repo, Revision: clone.Commit, Base: before, Directories: builder.Strings("services/*"), Names: "true",
	})
	service := builder.Axis("service", changes.Changed)
	images := builder.AddMatrix(p, "images", tasks.BuildKit{
		Source:  clone.Source,
		Context: "services/" + service,
		Image:   registry + "/" + service + ":" + clone.Commit,
	})
	images.Retries(2)
	references := images.Collect(func(i tasks.Image) builder.String { return i.Reference })
	p.AddInline("announce", func(t *builder.Task) {
		t.Step("announce").Image("registry.local/tools:3").Command("announce").Args(t.ArrayParam("images", references).All())
	})
	if err := p.Build(); err != nil {
		fmt.Println(err)
	}

	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	task := objects[len(objects)-1].Object.(*v1.Pipeline).Spec.Tasks[2]
	fmt.Println(task.Name, "runs", task.TaskRef.Name, "for each", task.Matrix.Params[0].Name, "of", task.Matrix.Params[0].Value.StringVal)
	for _, param := range task.Params {
		fmt.Printf("  %s: %s\n", param.Name, param.Value.StringVal)
	}
	for _, o := range objects {
		if t, ok := o.Object.(*v1.Task); ok && strings.HasPrefix(t.Name, "buildkit") {
			for _, e := range t.Spec.Steps[0].Env {
				if e.Name == "IMAGE" || e.Name == "CONTEXT" {
					fmt.Println(e.Name + "=" + e.Value)
				}
			}
		}
	}
	// Output:
	// images runs buildkit-e4077b1f for each service of $(tasks.changes.results.changed[*])
	//   image-part-1: $(params.registry)/
	//   image-part-2: :$(tasks.clone.results.commit)
	//   context-part-1: services/
	// IMAGE=$(params.image-part-1)$(params.service)$(params.image-part-2)
	// CONTEXT=$(params.context-part-1)$(params.service)
}

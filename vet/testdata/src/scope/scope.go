package scope

import (
	"os"

	"github.com/tekwright/tekwright/pkg/builder"
)

type Greet struct {
	Name  builder.String
	Image string
}

func bad(g Greet, t *builder.Task) {
	_ = builder.TaskString(g.Name)                // want `builder.TaskString\(g.Name\) uses a variable of the pipeline in a task, where Tekton does not replace it; declare a param with Task.Param`
	_ = builder.TaskString("x-" + g.Name)         // want `uses a variable of the pipeline in a task`
	_ = builder.TaskString(string(g.Name) + "-x") // want `uses a variable of the pipeline in a task`
	name := t.Param("name", g.Name)
	_ = builder.String(name)               // want `uses a variable of a task in the pipeline, where Tekton does not replace it; declare a result with Task.Result`
	leaked := builder.String(string(name)) // want `uses a variable of a task in the pipeline`
	_ = leaked
}

func good(g Greet, t *builder.Task) {
	_ = builder.TaskString(g.Image)
	_ = builder.String(os.Args[0])
	_ = t.Param("name", g.Name)
	_ = builder.String(g.Name)
	_ = builder.String("a/" + string(g.Name))
	const version builder.String = "v1"
	_ = builder.TaskString(version)
	local := builder.String(g.Image)
	_ = builder.TaskString(local)
	_ = builder.TaskString(builder.TaskString(g.Image) + "x")
	_ = t.Result("x").Value()
	t.Step("x").Script(string(t.Param("x", g.Name)))
}

package builder_test

import (
	"fmt"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// A step looks at the exit code of the one before it, which may fail.
func ExampleStep_ExitCodePathValue() {
	p := builder.NewPipeline("checks")
	p.AddInline("lint", func(t *builder.Task) {
		lint := t.Step("lint").Image("registry.local/linter:3").Command("lint-all").ContinueOnError()
		t.Step("report").Image("registry.local/linter:3").
			Env("RUN", t.Param("run", builder.RunName)). // of the PipelineRun
			Env("TASKRUN", builder.TaskRunName).
			Env("EXIT_CODE", lint.ExitCodePathValue()).
			Script(`report "$RUN" "$TASKRUN" "$(cat "$EXIT_CODE")"`)
	})
	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	task := objects[0].Object.(*v1.Pipeline).Spec.Tasks[0]
	fmt.Println("param", task.Params[0].Name, "is", task.Params[0].Value.StringVal)
	for _, e := range task.TaskSpec.Steps[1].Env {
		fmt.Println(e.Name, "is", e.Value)
	}
	// Output:
	// param run is $(context.pipelineRun.name)
	// RUN is $(params.run)
	// TASKRUN is $(context.taskRun.name)
	// EXIT_CODE is $(steps.step-lint.exitCode.path)
}

// A when expression in CEL compares the value of a param.
func ExampleCELString() {
	p := builder.NewPipeline("release")
	branch := p.Param("branch")
	p.AddInline("publish", func(t *builder.Task) {
		t.Step("publish").Image("registry.local/tools:3").Command("publish")
	}).When(builder.CEL(builder.CELString(branch) + ".startsWith(" + builder.CELString("release/") + ")"))
	objects, err := p.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(objects[0].Object.(*v1.Pipeline).Spec.Tasks[0].When[0].CEL)
	// Output:
	// '$(params.branch)'.startsWith('release/')
}

// Package builder describes Tekton Pipelines, Tasks and runs as typed Go, and
// lowers them to Tekton's own types.
//
// The shape is: struct in, handles out, fluent in the middle. A task type is
// a struct of inputs; its Define declares the task and returns a struct of
// handles on what the task leaves behind; pipelines, steps and runs are
// chains.
//
//	p := builder.NewPipeline("release")
//	repo, src := p.Param("repo"), p.Workspace("source")
//	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
//	image := builder.Add(p, "image", tasks.Kaniko{Source: clone.Source, Image: "registry.local/app:" + clone.Commit})
//	image.After(test).Retries(1)
//	p.Result("digest", image.Digest)
//	run := p.Run("release-", repo.Set("https://git.example.com/app"), src.VolumeClaimTemplate("1Gi"))
//
// # A task of your own
//
// Inputs are fields, one line in Define each; the zero value of an input is
// "not given". Steps get inputs through Env, never pasted into a script.
//
//	type Greet struct {
//		Name builder.String // who to greet; required
//	}
//
//	// Greeted is what Greet leaves behind.
//	type Greeted struct {
//		*builder.PipelineTask
//		Text builder.String
//	}
//
//	func (Greet) TaskName() string { return "greet" }
//
//	func (g Greet) Define(t *builder.Task) Greeted {
//		name := t.Param("name", g.Name)
//		text := t.Result("text")
//		t.Step("greet").Image("docker.io/library/busybox:1.37").
//			Env("NAME", name).
//			Script(`printf 'hello %s' "$NAME" > ` + text.Path())
//		return Greeted{t.PipelineTask(), text.Value()}
//	}
//
// A task that leaves nothing behind returns *PipelineTask, with return t.PipelineTask(). A
// task that is used once needs no type: Pipeline.AddInline.
//
// # Two scopes, two families of types
//
// At pipeline scope (params, results, wiring) values are String, Array and
// Object; inside a task (steps, sidecars) they are TaskString, TaskArray and
// TaskObject. The compiler keeps them apart. Untyped literals are both, and +
// joins strings of one scope, so no wrapper is needed; a Go variable of type
// string converts: builder.String(name).
//
// A handle is a reference to a value that only a run knows. At generation
// time, do not compare, slice, measure or format it with %q: the condition of
//
//	if repo == "main" { ... } // always false
//
// is never true. Write task.When(repo.In("main")). Build cannot report it, as it
// sees no Go code; the analyzer tekwright-vet does, under go vet: docs/vet.md.
//
// # The DAG follows from the data
//
// A task runs after those whose results or workspaces it takes: clone.Source
// is the workspace as clone left it. Node.After adds an order where nothing is
// passed on. runAfter is written only where it is needed. Two tasks that share
// a writable workspace without any order are an error; ReadOnly and Concurrent
// mounts say that it is meant.
//
// # Errors
//
// Chains never fail and never panic; they record. Build returns every problem
// at once, in source order, each a [diag.Finding] with a code, the file:line
// of the caller's code, a sentence and help. Objects returns what the builder
// itself found; sets of objects are checked as a whole by package manifest.
// Warnings and notes stop nothing: Pipeline.Findings returns them with the
// errors.
//
// Package check lists its codes, and says what each of the others means:
// check.OtherFindings, tekwright rules CODE. These are the builder's own:
//
//   - values: scope-mixed, handle-foreign, array-misplaced, each-misplaced,
//     each-missing, status-misplaced, result-misplaced, result-matrixed,
//     result-unseen, result-empty, run-value, event-misplaced, field-missing,
//     index-invalid, key-unknown, outcome-unknown, when-invalid,
//     quantity-invalid
//   - text: handle-sliced, handle-quoted, handle-misplaced,
//     variable-ignored, input-in-script
//   - tasks: task-invalid, stepaction-invalid, output-unset, output-hides-method,
//     definition-differs, source-differs, source-invalid, source-duplicate,
//     collect-invalid, publish-invalid, option-misplaced, template-conflict,
//     volume-unknown
//   - runs: set-misplaced, binding-misplaced, binding-invalid,
//     override-duplicate, workspace-volatile, run-invalid, pipeline-invalid
//
// # Escape hatches
//
// In the order of preference: raw text in any String or Text, such as
// "$(context.pipelineRun.name)", which is checked as in YAML; Mutate on a
// Node, Task, Step, Sidecar, Pipeline or Run, after lowering and before the
// check; Task.FromTask and Task.FromYAML for definitions made elsewhere;
// Pipeline.Objects for the upstream structs.
//
// # Concurrency
//
// Describing is for one goroutine. Build, Findings and Objects only read and
// may run side by side, as far as the functions given to Mutate may.
package builder

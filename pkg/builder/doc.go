// Package builder describes Tekton Pipelines, Tasks and runs in typed Go, and
// converts them to Tekton's own types.
//
// Tasks are added to a pipeline. What one returns is an input of others:
//
//	p := builder.NewPipeline("release")
//	repo, src := p.Param("repo"), p.Workspace("source")
//	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
//	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
//	test.Retries(1)
//
// A task that is used once is described in place:
//
//	p.AddInline("show", func(t *builder.Task) {
//		commit := t.Param("commit", clone.Commit)
//		t.Step("show").Image("docker.io/library/busybox:1.37.0").Env("COMMIT", commit).Script(`echo "$COMMIT"`)
//	})
//
// A run sets the params and binds the workspaces. Package manifest checks and writes it:
//
//	run := p.Run("release-", repo.Set("https://git.example.com/app.git"), src.VolumeClaimTemplate("1Gi"))
//	err := manifest.New(run).Write(os.Stdout)
//
// A task type is a struct of inputs. Its Define method declares the task and
// returns a struct of handles: Go values that refer to the task's results and
// workspaces. Pipelines, steps and runs are built by chained method calls.
//
// # A task of your own
//
// Inputs are fields of the struct, and each is declared by one line in Define.
// The zero value of an input means "not set". Steps receive inputs through
// Env; an input is never pasted into a script.
//
//	type Greet struct {
//		Name builder.String // who to greet; required
//	}
//
//	// Greeted is the output of Greet.
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
// A task without results or workspaces to pass on returns *PipelineTask: its
// Define ends with return t.PipelineTask(). A task that is used only once does
// not need a type; see [Pipeline.AddInline].
//
// # Pipeline scope and task scope
//
// In a pipeline (params, results, wiring) values are of type String, Array and
// Object. Inside a task (steps, sidecars) they are of type TaskString, TaskArray
// and TaskObject. The compiler keeps them apart. Untyped string constants fit
// both, and + joins strings of the same scope. A Go variable of type string must
// be converted: builder.String(name).
//
// A handle stands for a value that is known only during a run. While the
// manifest is generated, do not compare it, slice it, take its length or format
// it with %q. For example, this condition is always false:
//
//	if repo == "main" { ... }
//
// Write task.When(repo.In("main")) instead. Build cannot report this
// mistake. The analyzer tekwright-vet does: see docs/vet.md.
//
// # The DAG follows from the data
//
// A task runs after the tasks whose results or workspaces it uses: clone.Source
// is the workspace as clone left it. [PipelineTask.After] adds an order where no
// data is passed on. runAfter is written only where Tekton needs it. Two tasks
// that share a workspace without an order between them are an error, unless both
// only read it ([ReadOnly]) or one of them mounts it with [Concurrent].
//
// # Errors
//
// Chained calls never fail and never panic; they record problems. Build returns
// all of them at once, in source order. Each is a [diag.Finding] with a code,
// the file and line of the caller's code, a message and help. Objects returns
// the problems that the builder itself found; package manifest checks a set of
// objects as a whole. Warnings and notes do not make Build fail;
// [Pipeline.Findings] returns them together with the errors.
//
// Most codes are those of rules of package check. "tekwright rules CODE" and
// check.Lookup explain every code. These are the builder's own:
//
//   - values: scope-mixed, handle-foreign, array-misplaced, each-misplaced,
//     each-missing, status-misplaced, result-misplaced, result-matrixed,
//     result-unsupported, result-empty, run-value, event-misplaced, field-missing,
//     index-invalid, key-unknown, task-status-invalid, when-invalid,
//     quantity-invalid
//   - text: handle-sliced, handle-quoted, handle-misplaced,
//     variable-ignored, input-in-script
//   - tasks: task-invalid, stepaction-invalid, output-unset, output-hides-method,
//     definition-differs, source-differs, source-invalid, source-duplicate,
//     collect-invalid, publish-invalid, option-misplaced, template-conflict,
//     volume-unknown, function-panicked
//   - runs: set-misplaced, binding-misplaced, binding-invalid,
//     taskrunspec-duplicate, workspace-volatile, run-invalid, pipeline-invalid
//
// # Escape hatches
//
// In order of preference:
//
//   - variables of Tekton as text in any String or TaskString, which are checked as in
//     YAML; there is a handle for nearly all of them
//   - the Mutate method of a PipelineTask, Task, Step, Sidecar, Pipeline,
//     PipelineRun or TaskRun, which changes the upstream struct before it is
//     checked
//   - [Task.FromTask] and [Task.FromYAML], for definitions that exist already
//   - [Pipeline.Objects], for the upstream structs
//
// # Concurrency
//
// A pipeline must be described by a single goroutine. Build, Findings and
// Objects only read it, and may run concurrently if the functions passed to
// Mutate may.
package builder

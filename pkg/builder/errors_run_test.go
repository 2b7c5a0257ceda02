package builder_test

import (
	"testing"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// inner is a pipeline to run in another one, and its handles.
func inner() (p *builder.Pipeline, key builder.String, dir builder.Workspace) {
	p = builder.NewPipeline("inner")
	key, dir = p.Param("key"), p.Workspace("dir") // want inner
	builder.Add(p, "conv", Conv{Key: key})
	builder.Add(p, "edit", Edit{Dir: dir})
	return p, key, dir
}

// TestErrorsRun tests mistakes in runs, nested pipelines and runs of one task.
func TestErrorsRun(t *testing.T) {
	checkMistakes(t, "testdata/errors/run.txt", runMistakes())
}

func runMistakes() []mistake {
	return []mistake{
		{"arguments left out", "param-missing param-missing param-missing workspace-missing", func(f *fixture) {
			f.p.Run("r-") // want
		}},
		{"one argument left out", "param-missing", func(f *fixture) {
			f.p.Run("r-", f.args()[1:]...) // want
		}},
		{"argument twice", "param-duplicate", func(f *fixture) {
			f.p.Run("r-", f.args(f.repo.Set("again"))...) // want
		}},
		{"volume twice", "workspace-duplicate", func(f *fixture) {
			f.p.Run("r-", f.args(f.src.EmptyDir())...) // want
		}},
		{"value that is not one of the enum", "enum-invalid", func(f *fixture) {
			e := f.p.Param("e", builder.Enum("a", "b")) // want enum
			builder.Add(f.p, "a", Conv{Key: e})
			f.p.Run("r-", f.args(e.Set("c"))...) // want
		}},
		{"object value without a key", "key-missing", func(f *fixture) {
			o := f.p.ObjectParam("o", []string{"name", "mail"}) // want object
			builder.Add(f.p, "a", Join{About: o})
			f.p.Run("r-", f.args(o.Set(builder.ObjectOf(map[string]builder.String{"name": "n"})))...) // want
		}},
		{"two volumes in one pod", "volume-conflict", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.Add(f.p, "a", Two{Left: f.clone.Source, Right: w}) // want
			f.p.Run("r-", f.args(w.PVC("c"))...)                       // want run
		}},
		{"name of a run", "name-invalid", func(f *fixture) {
			f.p.Run("Not a name", f.args()...) // want
		}},
		{"no name of a run", "name-invalid", func(f *fixture) {
			f.p.Run("", f.args()...) // want
		}},
		{"param in the name of a run", "run-value", func(f *fixture) {
			f.p.Run(f.repo+"-", f.args()...) // want
		}},
		{"param in the name of a PersistentVolumeClaim", "run-value", func(f *fixture) {
			w := f.p.Workspace("w")
			builder.Add(f.p, "a", Edit{Dir: w})
			f.p.Run("r-", f.args(w.PVC(f.repo))...) // want
		}},
		{"param in a label", "run-value", func(f *fixture) {
			f.p.Run("r-", f.args()...).Label("repo", f.repo) // want
		}},
		{"bad size", "binding-invalid", func(f *fixture) {
			f.p.Run("r-", append(f.args()[:3], f.src.VolumeClaimTemplate("big"))...) // want
		}},
		{"storage class of an existing PersistentVolumeClaim", "binding-invalid", func(f *fixture) {
			f.p.Run("r-", append(f.args()[:3], f.src.PVC("c").StorageClass("fast"))...) // want
		}},
		{"binding without a volume", "binding-invalid", func(f *fixture) {
			f.p.Run("r-", append(f.args()[:3], f.src.Bind(v1.WorkspaceBinding{}))...) // want
		}},
		{"PersistentVolumeClaim without a name", "binding-invalid", func(f *fixture) {
			f.p.Run("r-", append(f.args()[:3], f.src.PVC(""))...) // want
		}},
		{"volume for a workspace that is not set", "workspace-unknown", func(f *fixture) {
			f.p.Run("r-", f.args(builder.Workspace{}.EmptyDir())...) // want
		}},
		{"workspace for a workspace of a run", "binding-misplaced", func(f *fixture) {
			f.p.Run("r-", append(f.args()[:3], f.src.From(f.src))...) // want
		}},
		{"nil arguments", "", func(f *fixture) {
			f.p.Run("r-", f.args(nil, (*builder.WorkspaceBinding)(nil))...)
		}},
		{"TaskRunSpec of a task of another pipeline", "handle-foreign", func(f *fixture) {
			other := builder.NewPipeline("q").AddInline("a", func(t *builder.Task) { t.Step("s").Image(image) })
			f.p.Run("r-", f.args()...).TaskRunSpec(other, builder.TaskRunSpec{CPU: "1"}) // want
		}},
		{"TaskRunSpec of nil", "task-unknown", func(f *fixture) {
			f.p.Run("r-", f.args()...).TaskRunSpec(nil, builder.TaskRunSpec{CPU: "1"}) // want
		}},
		{"TaskRunSpec twice", "taskrunspec-duplicate", func(f *fixture) {
			f.p.Run("r-", f.args()...).
				TaskRunSpec(f.clone, builder.TaskRunSpec{CPU: "1"}). // want first
				TaskRunSpec(f.clone, builder.TaskRunSpec{CPU: "2"})  // want
		}},
		{"TaskRunSpec with a bad quantity", "quantity-invalid", func(f *fixture) {
			f.p.Run("r-", f.args()...).TaskRunSpec(f.clone, builder.TaskRunSpec{Memory: "lots"}) // want
		}},
		{"timeouts that do not add up", "timeout-invalid", func(f *fixture) {
			f.p.Run("r-", f.args()...). // want
							Timeouts(builder.Timeouts{Pipeline: time.Minute, Tasks: time.Hour})
		}},
		{"handle in the name of the service account", "handle-misplaced", func(f *fixture) {
			f.p.Run("r-", f.args()...).ServiceAccount(string(f.repo)) // want
		}},
		{"nil run", "run-invalid", func(f *fixture) {
			f.build = func() error { _, err := (*builder.PipelineRun)(nil).PipelineRun(); return err }
		}},
		{"nil pipeline", "pipeline-invalid", func(f *fixture) {
			f.build = (*builder.Pipeline)(nil).Build
		}},

		{"arguments of a nested pipeline left out", "param-missing workspace-missing", func(f *fixture) {
			q, _, _ := inner()
			f.p.AddPipeline("n", q) // want
		}},
		{"nil nested pipeline", "task-invalid", func(f *fixture) {
			f.p.AddPipeline("n", nil) // want
		}},
		{"pipeline nested in itself", "cycle", func(f *fixture) {
			f.p.AddPipeline("n", f.p, f.args()[:3]...) // want
		}},
		{"pipelines nested in each other", "cycle", func(f *fixture) {
			q, key, dir := inner()
			f.p.AddPipeline("n", q, key.Set("k"), dir.From(f.clone.Source))
			q.AddPipeline("m", f.p, f.args()[:3]...) // want
		}},
		{"two nested pipelines of one name", "definition-differs", func(f *fixture) {
			one, two := builder.NewPipeline("inner"), builder.NewPipeline("inner") // want inner
			builder.Add(one, "a", Conv{Key: "1"})
			builder.Add(two, "a", Conv{Key: "2"})
			f.p.AddPipeline("one", one)
			f.p.AddPipeline("two", two)
		}},
		{"volume for a nested pipeline", "binding-misplaced", func(f *fixture) {
			q, key, dir := inner()
			f.p.AddPipeline("n", q, key.Set("k"), dir.EmptyDir()) // want
		}},
		{"argument of the outer pipeline for a nested one", "handle-foreign", func(f *fixture) {
			q, key, dir := inner()
			f.p.AddPipeline("n", q, key.Set("k"), dir.From(f.clone.Source), f.repo.Set("x")) // want
		}},
		{"nested workspace the wrong way round", "handle-foreign", func(f *fixture) {
			q, key, dir := inner()
			f.p.AddPipeline("n", q, key.Set("k"), f.src.From(dir)) // want
		}},
		{"value of the nested pipeline outside", "handle-foreign", func(f *fixture) {
			q, key, dir := inner()
			f.p.AddPipeline("n", q, key.Set("k"), dir.From(f.clone.Source))
			builder.Add(f.p, "a", Conv{Key: key}) // want
		}},
		{"mistake in a nested pipeline", "param-missing", func(f *fixture) {
			q, key, dir := inner()
			builder.Add(q, "a", Conv{}) // want
			f.p.AddPipeline("n", q, key.Set("k"), dir.From(f.clone.Source))
		}},
		{"mistake in an embedded nested pipeline", "param-missing", func(f *fixture) {
			q, key, dir := inner()
			builder.Add(q, "a", Conv{}) // want
			f.p.AddPipeline("n", q, key.Set("k"), dir.From(f.clone.Source)).Embed()
		}},

		{"task run without a workspace", "workspace-missing", func(f *fixture) {
			f.build = builder.RunTask("r-", Edit{}).Build // want
		}},
		{"task run without a value", "param-missing", func(f *fixture) {
			f.build = builder.RunTask("r-", Conv{}).Build // want
		}},
		{"task run without a volume", "workspace-missing", func(f *fixture) {
			f.build = builder.RunTask("r-", Edit{Dir: builder.NewWorkspace("w")}).Build // want
		}},
		{"task run with a volume for an unused workspace", "workspace-unknown", func(f *fixture) {
			f.build = builder.RunTask("r-", Conv{Key: "k"}, builder.NewWorkspace("w").EmptyDir()).Build // want
		}},
		{"task run with a param", "binding-misplaced", func(f *fixture) {
			f.build = builder.RunTask("r-", Conv{Key: "k"}, f.repo.Set("x")).Build // want
		}},
		{"task run with a value of a pipeline", "run-value", func(f *fixture) {
			f.build = builder.RunTask("r-", Conv{Key: f.repo}).Build // want
		}},
		{"task run with a workspace of a pipeline", "handle-foreign", func(f *fixture) {
			f.build = builder.RunTask("r-", Edit{Dir: f.src}, f.src.EmptyDir()).Build // want
		}},
		{"task run of a custom task", "source-invalid", func(f *fixture) {
			f.build = builder.RunTask("r-", body(func(t *builder.Task) { t.Custom("example.dev/v1", "Thing") })).Build // want
		}},
		{"task run with bad resources", "quantity-invalid", func(f *fixture) {
			f.build = builder.RunTask("r-", Conv{Key: "k"}).Requests("much", "").Build // want
		}},
		{"task run of nil", "task-invalid", func(f *fixture) {
			f.build = builder.RunTask("r-", body(nil)).Build // want
		}},
		{"definition of nil", "task-invalid", func(f *fixture) {
			f.build = func() error { _, err := builder.Define(body(nil)).Task(); return err } // want
		}},
		{"definition with a mistake", "image-missing", func(f *fixture) {
			f.build = func() error {
				_, err := builder.Define(body(func(t *builder.Task) { t.Step("s") })).Task() // want
				return err
			}
		}},
		{"definition of a remote task", "source-invalid", func(f *fixture) {
			f.build = func() error {
				_, err := builder.Define(Remote{From: builder.Hub("a", "1")}).Task() // want
				return err
			}
		}},
	}
}

// Two has two workspaces.
type Two struct{ Left, Right builder.Workspace }

func (Two) TaskName() string { return "two" }

func (w Two) Define(t *builder.Task) *builder.PipelineTask {
	l, r := t.Workspace("left", w.Left), t.Workspace("right", w.Right)
	t.Step("s").Image(image).WorkingDir(l.PathValue()).Env("R", r.PathValue())
	return t.PipelineTask()
}

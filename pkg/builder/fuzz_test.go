package builder_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/object"
)

// FuzzBuild describes random pipelines, with odd names, nil values, foreign handles
// and sliced handles. Nothing may panic, and no output may contain the mark of a
// handle.
func FuzzBuild(f *testing.F) {
	for seed := range uint64(32) {
		program := make([]byte, 400)
		r := rand.New(rand.NewPCG(seed, seed))
		for i := range program {
			program[i] = byte(r.Uint32())
		}
		f.Add(program)
	}
	f.Fuzz(func(t *testing.T, program []byte) {
		if len(program) > 1000 {
			return
		}
		m := newMachine(program)
		for len(m.program) > 0 {
			m.pipelineOp(m.pipeline())
		}
		for _, p := range m.pipelines {
			unmarked(t, p.Build(), nil)
			objects, err := p.Objects()
			unmarked(t, err, objects)
		}
		for _, r := range m.runs {
			objects, err := r.Objects()
			unmarked(t, err, objects)
			_, err = r.PipelineRun()
			unmarked(t, err, nil)
			r.Permissions()
		}
		for _, r := range m.taskRuns {
			objects, err := r.Objects()
			unmarked(t, err, objects)
			unmarked(t, r.Build(), nil)
			r.Permissions()
		}
	})
}

// unmarked fails the test if an error or an object contains a mark.
func unmarked(t *testing.T, err error, objects []object.Object) {
	t.Helper()
	if err != nil && handle.HasMark(err.Error()) {
		t.Errorf("an error keeps a mark: %s", around(err.Error()))
	}
	for _, o := range objects {
		text, err := json.Marshal(o.Object)
		if err != nil {
			t.Errorf("%T does not marshal: %v", o.Object, err)
		}
		if handle.HasMark(string(text)) {
			t.Errorf("%T keeps a mark: %s", o.Object, around(string(text)))
		}
	}
}

// around returns the text around the first mark.
func around(text string) string {
	i := strings.Index(text, "\U000F0E0E")
	if i < 0 {
		i = strings.Index(text, `\U000f0e0e`)
	}
	return strconv.Quote(text[max(0, i-150):min(len(text), i+50)])
}

// machine runs a program over the API of the builder.
type machine struct {
	program     []byte
	pipelines   []*builder.Pipeline
	strings     []builder.String
	texts       []builder.TaskString
	arrays      []builder.Array
	textArrays  []builder.TaskArray
	objects     []builder.Object
	workspaces  []builder.Workspace
	outputs     []builder.TaskOutput
	mounts      []builder.Mount
	volumes     []builder.Volume
	stepResult  []builder.StepResult
	resolvers   []builder.Resolver
	statuses    []builder.Status
	whens       []builder.When
	expressions []builder.WhenExpression
	args        []builder.Arg
	matrices    []*builder.Matrix[Conv, ConvOut]
	finals      []*builder.FinallyTask[ConvOut]
	runs        []*builder.PipelineRun
	taskRuns    []*builder.TaskRun
	depth       int
}

func newMachine(program []byte) *machine {
	return &machine{
		program:     program,
		pipelines:   []*builder.Pipeline{builder.NewPipeline("p"), builder.NewPipeline("q")},
		strings:     []builder.String{"", "x", builder.Empty, "$(params.a)", "$(tasks.a.results.part)", "$(params.a[*])", builder.RunName, "\xff", "$("},
		texts:       []builder.TaskString{"", "x", builder.EmptyTaskString, "$(params.a)", "\xff"},
		arrays:      []builder.Array{{}, builder.Strings(), builder.Strings("a", "b")},
		textArrays:  []builder.TaskArray{{}},
		objects:     []builder.Object{{}, builder.ObjectOf(map[string]builder.String{}), builder.ObjectOf(map[string]builder.String{"host": "h", "path": "p"})},
		workspaces:  []builder.Workspace{{}, builder.NewWorkspace("w")},
		outputs:     []builder.TaskOutput{nil, (*builder.PipelineTask)(nil), new(builder.PipelineTask), ConvOut{}},
		mounts:      []builder.Mount{{}},
		volumes:     []builder.Volume{{}},
		stepResult:  []builder.StepResult{{}},
		resolvers:   []builder.Resolver{{}, builder.Hub("x", ""), builder.Git("", "", "")},
		statuses:    []builder.Status{{}},
		whens:       []builder.When{{}, builder.CEL(""), builder.CEL("'a' == 'a'")},
		expressions: []builder.WhenExpression{nil, builder.When{}, builder.StatusWhen{}},
		args:        []builder.Arg{nil, (*builder.WorkspaceBinding)(nil), new(builder.WorkspaceBinding)},
		matrices:    []*builder.Matrix[Conv, ConvOut]{nil, {}},
		finals:      []*builder.FinallyTask[ConvOut]{nil, {}},
		runs:        []*builder.PipelineRun{nil, {}},
		taskRuns:    []*builder.TaskRun{nil, {}},
	}
}

// next returns the next byte of the program, 0 at its end.
func (m *machine) next() int {
	if len(m.program) == 0 {
		return 0
	}
	b := m.program[0]
	m.program = m.program[1:]
	return int(b)
}

func pick[T any](m *machine, from []T) T { return from[m.next()%len(from)] }

func add[T any](list *[]T, v ...T) { *list = append(*list, v...) }

func (m *machine) pipeline() *builder.Pipeline { return pick(m, m.pipelines) }

// name returns a valid or an odd name.
func (m *machine) name() string {
	switch m.next() % 16 {
	case 0:
		return string(m.str())
	case 1:
		return string(m.text())
	case 2:
		return pick(m, []string{"", "A b", "x)", "a.b", "'", `"`, "\xff", "a\nb", "$(params.a)", "-", "clone"})
	}
	return pick(m, []string{"a", "b", "c", "repo", "w", "host", "s"})
}

// str returns a value at pipeline scope, usually unchanged.
func (m *machine) str() builder.String {
	s := pick(m, m.strings)
	switch m.next() % 16 {
	case 0:
		return s + pick(m, m.strings)
	case 1:
		return "x" + s
	case 2:
		return s[:m.next()%(len(s)+1)]
	case 3:
		return s[m.next()%(len(s)+1):]
	case 4:
		return builder.String(fmt.Sprintf("%q", s))
	case 5:
		return builder.Each(pick(m, m.arrays))
	case 6:
		return pick(m, m.arrays).All()
	case 7:
		return pick(m, m.arrays).At(m.next() - 128)
	case 8:
		return pick(m, m.objects).Key(m.name())
	case 9:
		return builder.String(m.text())
	case 10:
		return pick(m, m.statuses).Value()
	}
	return s
}

// text returns a value at task scope.
func (m *machine) text() builder.TaskString {
	t := pick(m, m.texts)
	switch m.next() % 12 {
	case 0:
		return t + pick(m, m.texts)
	case 1:
		return t[:m.next()%(len(t)+1)]
	case 2:
		return builder.TaskString(pick(m, m.strings))
	case 3:
		return pick(m, m.textArrays).All()
	case 4:
		return pick(m, m.textArrays).At(m.next() - 128)
	case 5:
		return pick(m, m.mounts).PathValue() + pick(m, m.mounts).Bound()
	case 6:
		return pick(m, m.stepResult).Value()
	}
	return t
}

func (m *machine) array() builder.Array {
	if m.next()%4 == 0 {
		return builder.Strings(m.str(), m.str())
	}
	return pick(m, m.arrays)
}

func (m *machine) object() builder.Object {
	if m.next()%4 == 0 {
		return builder.ObjectOf(map[string]builder.String{m.name(): m.str(), "host": m.str()})
	}
	return pick(m, m.objects)
}

func (m *machine) workspace() builder.Workspace {
	w := pick(m, m.workspaces)
	if m.next()%4 == 0 {
		return w.SubPath(m.str())
	}
	return w
}

// pipelineOp calls a method of a pipeline or of something that it made.
func (m *machine) pipelineOp(p *builder.Pipeline) {
	switch m.next() % 32 {
	case 0:
		add(&m.strings, p.Param(m.name(), builder.Default(m.name()), builder.Enum(m.name()), builder.Describe(m.name())))
	case 1:
		add(&m.strings, p.Param(m.name(), nil))
	case 2:
		add(&m.arrays, p.ArrayParam(m.name(), builder.DefaultArray(m.name()), nil))
	case 3:
		add(&m.arrays, p.ArrayParam(m.name()))
	case 4:
		add(&m.objects, p.ObjectParam(m.name(), []string{"host", m.name()}, builder.DefaultObject(map[string]string{m.name(): m.name()})))
	case 5:
		add(&m.workspaces, p.Workspace(m.name(), builder.Optional(), nil))
	case 6:
		p.Describe(m.name()).DisplayName(m.name()).Label(m.name(), m.name()).Annotate(m.name(), m.name())
	case 7:
		p.Result(m.name(), m.str(), builder.FromStep(pick(m, m.stepResult)), builder.Describe(m.name()))
	case 8:
		p.ArrayResult(m.name(), m.array())
	case 9:
		p.ObjectResult(m.name(), m.object())
	case 10, 11, 12:
		out := builder.Add(p, m.name(), Clone{URL: m.str(), Ref: m.str(), Flags: m.array(), Place: m.object(), Output: m.workspace()})
		add(&m.outputs, builder.TaskOutput(out))
		add(&m.strings, out.Commit)
		add(&m.arrays, out.Files)
		add(&m.objects, out.Author)
		add(&m.workspaces, out.Source)
		add(&m.statuses, out.Status())
	case 13, 14:
		out := builder.Add(p, m.name(), Conv{Key: m.str()})
		add(&m.outputs, builder.TaskOutput(out))
		add(&m.strings, out.Part)
		add(&m.arrays, out.Parts)
	case 15:
		add(&m.outputs, builder.TaskOutput(builder.Add(p, m.name(), body(nil))))
	case 16, 17:
		add(&m.outputs, builder.TaskOutput(p.AddInline(m.name(), m.define)))
	case 18:
		add(&m.outputs, builder.TaskOutput(builder.Add(p, m.name(), body(m.define))))
	case 19:
		add(&m.matrices, builder.AddMatrix(p, m.name(), Conv{Key: m.str()}).Include(m.name(), Conv{Key: m.str()}))
	case 20:
		matrix := pick(m, m.matrices)
		add(&m.arrays, matrix.Collect(func(c ConvOut) builder.String {
			add(&m.strings, c.Part)
			return pick(m, []builder.String{c.Part, m.str()})
		}))
		add(&m.strings, matrix.Length())
	case 21:
		add(&m.finals, builder.AddFinally(p, m.name(), Conv{Key: m.str()}).When(pick(m, m.expressions)).Retries(m.next()-9))
	case 22:
		pick(m, m.finals).Publish(m.name(), func(c ConvOut) builder.String { add(&m.strings, c.Part); return c.Part })
	case 23:
		add(&m.outputs, builder.TaskOutput(p.AddPipeline(m.name(), m.pipeline(), pick(m, m.args), pick(m, m.args))))
	case 24, 25:
		m.nodeOp()
	case 26:
		add(&m.whens, m.str().In(m.str(), m.str()), m.str().NotIn(), builder.CEL(m.str()))
		add(&m.statuses, p.Status())
		add(&m.expressions, builder.WhenExpression(pick(m, m.statuses).In(builder.TaskStatus(m.name()))), builder.WhenExpression(pick(m, m.whens)))
	case 27:
		add(&m.args, m.str().Set(m.str()), m.array().Set(m.array()), m.object().Set(m.object()), m.workspace().From(m.workspace()))
	case 28:
		add(&m.args, builder.Arg(m.workspace().PVC(m.str()).SubPath(m.str())), builder.Arg(m.workspace().VolumeClaimTemplate(m.name()).StorageClass(m.name())),
			builder.Arg(m.workspace().EmptyDir()), builder.Arg(m.workspace().Secret(m.str()).AccessModes(m.name())),
			builder.Arg(m.workspace().ConfigMap(m.str())), builder.Arg(m.workspace().Bind(v1.WorkspaceBinding{Name: m.name(), SubPath: m.name()})))
	case 29:
		r := p.Run(m.str(), pick(m, m.args), pick(m, m.args), pick(m, m.args)).ServiceAccount(m.name()).
			Label(m.name(), m.str()).Annotate(m.name(), m.str()).Timeouts(builder.Timeouts{Tasks: time.Duration(m.next())}).
			TaskRunSpec(pick(m, m.outputs), builder.TaskRunSpec{CPU: m.name(), Timeout: time.Hour, ServiceAccount: m.name()})
		if m.next()%2 == 0 {
			r.Embed()
		}
		add(&m.runs, r)
	case 30:
		add(&m.taskRuns, builder.RunTask(m.name(), Clone{URL: m.str(), Flags: m.array(), Output: m.workspace()}, pick(m, m.args)).
			ServiceAccount(m.name()).Requests(m.name(), m.name()))
	case 31:
		p.Mutate(func(p *v1.Pipeline) { p.Spec.Description += string(m.strings[len(m.strings)-1]) })
	}
}

func (m *machine) nodeOp() {
	n, ok := pick(m, m.outputs).(interface {
		After(...builder.TaskOutput) *builder.PipelineTask
	})
	if !ok || n == nil {
		return
	}
	if c, ok := n.(ConvOut); ok && c.PipelineTask == nil {
		return
	}
	task := n.After(pick(m, m.outputs))
	switch m.next() % 4 {
	case 0:
		task.When(pick(m, m.whens)).Retries(m.next() - 9).Timeout(time.Duration(m.next()-9) * time.Second)
	case 1:
		task.DisplayName(m.name()).Embed().ContinueOnError()
	case 2:
		s := m.name()
		task.Mutate(func(t *v1.PipelineTask) { t.Description = s }).Mutate(nil)
	case 3:
		add(&m.statuses, task.Status())
		add(&m.strings, task.Reason().Value())
	}
}

// define declares a task.
func (m *machine) define(t *builder.Task) {
	if m.depth > 0 {
		return
	}
	m.depth++
	defer func() { m.depth-- }()
	s := t.Step(m.name()).Image(m.text())
	for range m.next() % 12 {
		m.taskOp(t, s)
	}
}

func (m *machine) taskOp(t *builder.Task, s *builder.Step) {
	switch m.next() % 20 {
	case 0:
		add(&m.texts, t.Param(m.name(), m.str(), builder.Default(m.name())))
	case 1:
		add(&m.textArrays, t.ArrayParam(m.name(), m.array()))
	case 2:
		o := t.ObjectParam(m.name(), m.object(), []string{"host", "path"})
		add(&m.texts, o.Key(m.name()))
	case 3:
		add(&m.mounts, t.Workspace(m.name(), m.workspace(), builder.MountPath(m.name()), builder.Describe(m.name()), nil))
	case 4:
		r := t.Result(m.name(), builder.FromStep(pick(m, m.stepResult)))
		add(&m.strings, r.Value())
		add(&m.texts, r.PathValue())
		add(&m.arrays, t.ArrayResult(m.name()).Value())
		add(&m.objects, t.ObjectResult(m.name(), []string{m.name()}).Value())
	case 5:
		s.Script(string(m.text()))
	case 6:
		s.Args(m.text(), m.text()).Command(m.text()).WorkingDir(m.text())
	case 7:
		s.Env(m.name(), m.text()).EnvSecret(m.name(), m.text(), m.text()).EnvConfigMap(m.name(), m.text(), m.text())
	case 8:
		s.EnvFrom(corev1.EnvFromSource{Prefix: m.name()}).EnvSource(m.name(), corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: m.name()}})
	case 9:
		s.Requests(m.name(), "1Gi").Limits("1", m.name()).Timeout(time.Duration(m.next())).Stdout(m.text()).Stderr(m.text())
	case 10:
		add(&m.volumes, t.EmptyDir(m.name()), t.Volume(corev1.Volume{Name: m.name()}))
		s.Mount(pick(m, m.volumes), m.text())
	case 11:
		s.Isolate(pick(m, m.mounts), m.name())
	case 12:
		add(&m.stepResult, s.Result(m.name(), builder.Describe(m.name())))
	case 13:
		s.When(m.text().In(m.text()), builder.StepWhen{})
	case 14:
		t.Sidecar(m.name()).Image(m.text()).Script(m.name()).Env(m.name(), m.text()).Port(m.name(), m.next()-9).
			Mount(pick(m, m.volumes), m.text()).Ready(corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: m.name()}}})
	case 15:
		t.StepTemplate().Image(m.text()).Env(m.name(), m.text()).Script(m.name())
		t.Describe(m.name()).Label(m.name(), m.name()).Annotate(m.name(), m.name()).RequirePermissions(m.str())
	case 16:
		out := builder.AddStepAction(t, m.name(), Agent{Key: m.text()})
		add(&m.texts, out.Token)
	case 17:
		builder.AddStepAction(t, m.name(), action(func(a *builder.StepAction) {
			add(&m.texts, a.Describe(m.name()).Image(m.text()).Param(m.name(), m.text()))
			add(&m.textArrays, a.ArrayParam(m.name(), pick(m, m.textArrays)))
			a.Script(m.name()).Env(m.name(), m.text()).EnvSecret(m.name(), m.text(), m.text()).Args(m.text())
			add(&m.stepResult, a.Result(m.name()))
			if m.next()%8 == 0 {
				a.From(pick(m, m.resolvers))
			}
		}))
	case 18:
		m.source(t)
	case 19:
		x := m.name()
		t.Mutate(func(s *v1.TaskSpec) { s.Description = x })
		s.Mutate(func(s *v1.Step) { s.Script += x })
	}
}

func (m *machine) source(t *builder.Task) {
	switch m.next() % 5 {
	case 0:
		t.From(pick(m, m.resolvers).With(m.name(), m.str()))
	case 1:
		t.FromYAML(pick(m, [][]byte{nil, []byte("{"), []byte(givenTask)}))
	case 2:
		t.FromTask(pick(m, []*v1.Task{nil, {}, {Spec: v1.TaskSpec{Steps: []v1.Step{{Name: m.name(), Image: m.name()}}}}}))
	case 3:
		t.Custom(m.name(), m.name())
	case 4:
		t.Custom("example.dev/v1", m.name(), pick(m, []any{nil, func() {}, 1, map[string]string{"a": m.name()}, map[string]builder.String{"a": m.str()}}))
	}
}

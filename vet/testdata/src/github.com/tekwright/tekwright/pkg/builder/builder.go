// Package builder has the signatures of the real one that the tests need. A test
// holds them against the real one.
package builder

type String string

const (
	Empty   String = "\U000F0E0E\U000F0E0E"
	RunName String = "$(context.pipelineRun.name)"
)

func (s String) In(v ...String) When    { return When{} }
func (s String) NotIn(v ...String) When { return When{} }
func (s String) Set(v String) Arg       { return nil }

type TaskString string

func (t TaskString) In(v ...TaskString) StepWhen { return StepWhen{} }

type Array struct{ d *int }

func Strings(items ...String) Array { return Array{} }
func Each(a Array) String           { return "" }
func (a Array) At(i int) String     { return "" }
func (a Array) All() String         { return "" }

type Object struct{ d *int }

func (o Object) Key(name string) String { return "" }

type Workspace struct{ d *int }

func (w Workspace) IsSet() bool                       { return false }
func (w Workspace) SubPath(path String) Workspace     { return w }
func (w Workspace) PVC(name String) *WorkspaceBinding { return nil }

type WorkspaceBinding struct{ d int }

func (b *WorkspaceBinding) SubPath(path String) *WorkspaceBinding { return b }

type (
	Arg          interface{ arg() }
	ParamOption  interface{ param() }
	When         struct{ values []String }
	StepWhen     struct{ values []TaskString }
	StatusWhen   struct{ w When }
	TaskStatus   string
	Status       struct{ d *int }
	PipelineTask struct{ d *int }
	Pipeline     struct{ d *int }
	Task         struct{ d *int }
	Step         struct{ d *int }
	Mount        struct{ d *int }
	MountOption  interface{ mount() }
	Result       struct{ d *int }
	ResultOption interface{ result() }
	TaskOutput   interface{ output() }
)

const Failed TaskStatus = "Failed"

func Default(v string) ParamOption { return nil }

func (s Status) In(o ...TaskStatus) StatusWhen { return StatusWhen{} }
func (s Status) Value() String                 { return "" }

func (n *PipelineTask) Status() Status                        { return Status{} }
func (n *PipelineTask) When(conditions ...When) *PipelineTask { return n }
func (n *PipelineTask) Retries(count int) *PipelineTask       { return n }

func NewPipeline(name string) *Pipeline                                       { return nil }
func (p *Pipeline) Param(name string, opts ...ParamOption) String             { return "" }
func (p *Pipeline) Result(name string, v String, opts ...ResultOption)        {}
func (p *Pipeline) AddInline(name string, define func(t *Task)) *PipelineTask { return nil }

func (t *Task) Param(name string, v String, opts ...ParamOption) TaskString   { return "" }
func (t *Task) Workspace(name string, w Workspace, opts ...MountOption) Mount { return Mount{} }
func (t *Task) Result(name string, opts ...ResultOption) Result               { return Result{} }
func (t *Task) Step(name string) *Step                                        { return nil }
func (s *Step) Script(script string) *Step                                    { return s }
func (s *Step) Env(name string, v TaskString) *Step                           { return s }
func (m Mount) PathValue() TaskString                                         { return "" }
func (r Result) Path() string                                                 { return "" }
func (r Result) Value() String                                                { return "" }

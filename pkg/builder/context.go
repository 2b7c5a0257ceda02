package builder

import (
	"strings"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Values of the run, for the inputs and when expressions of pipeline tasks. A step gets
// one as an input of its task.
const (
	// RunName is the name of the PipelineRun.
	RunName String = "$(context.pipelineRun.name)"
	// RunUID is the UID of the PipelineRun.
	RunUID String = "$(context.pipelineRun.uid)"
	// RunNamespace is the namespace of the PipelineRun.
	RunNamespace String = "$(context.pipelineRun.namespace)"
	// PipelineName is the name of the Pipeline or, if the pipeline is embedded in the
	// run, that of the PipelineRun.
	PipelineName String = "$(context.pipeline.name)"
	// TaskRetries is the number of retries of the pipeline task whose input it is, as
	// set by Retries.
	TaskRetries String = "$(context.pipelineTask.retries)"
)

// Values of the TaskRun, for steps and sidecars.
const (
	// TaskRunName is the name of the TaskRun.
	TaskRunName TaskString = "$(context.taskRun.name)"
	// TaskRunUID is the UID of the TaskRun.
	TaskRunUID TaskString = "$(context.taskRun.uid)"
	// TaskRunNamespace is the namespace of the TaskRun.
	TaskRunNamespace TaskString = "$(context.taskRun.namespace)"
	// TaskName is the name of the Task or, if it is embedded, that of the TaskRun.
	TaskName TaskString = "$(context.task.name)"
	// RetryCount is the number of attempts before this one: 0, 1 and so on. Tekton counts
	// only if the task is embedded: call Embed on the pipeline task, or add it with
	// AddInline (retrycount-fixed).
	RetryCount TaskString = "$(context.task.retry-count)"
	// CredentialsPath is the directory with the credentials that Tekton makes of the
	// Secrets of the service account.
	CredentialsPath TaskString = "$(credentials.path)"
)

// CELString returns a string of the Common Expression Language, for [CEL]: plain text is
// escaped, and handles are replaced by their values in the run.
//
//	builder.CEL(builder.CELString(branch) + ".startsWith(" + builder.CELString("release/") + ")")
//
// Tekton replaces a handle by its value before it evaluates the expression, and escapes
// nothing. A value with a quote or a backslash therefore changes the expression, or makes
// the run fail: use [String.In] for values that others choose.
func CELString(s String) String { return String(celString(string(s))) }

// StepCELString is like [CELString], for [StepCEL].
func StepCELString(s TaskString) TaskString { return TaskString(celString(string(s))) }

func celString(s string) string {
	var out strings.Builder
	out.WriteByte('\'')
	parts, fault := handle.Parse(s)
	if fault != handle.NoFault {
		return s // reported where it is used
	}
	escape := strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`)
	for _, p := range parts {
		if p.Token != nil {
			out.WriteString(p.Token.String())
			continue
		}
		rest := p.Text
		for m := range tekref.Scan(p.Text) { // a variable that was written as text
			v := tekref.Text(m.Expr)
			before, after, ok := strings.Cut(rest, v)
			if !ok || m.Open {
				continue
			}
			out.WriteString(escape.Replace(before) + v)
			rest = after
		}
		out.WriteString(escape.Replace(rest))
	}
	out.WriteByte('\'')
	return out.String()
}

// ExitCodePath returns the path of the file that has the exit code of the step, for the
// scripts of later steps. With [Step.ContinueOnError], a later step can look at it.
func (s *Step) ExitCodePath() string {
	if s == nil || s.name == "" {
		return ""
	}
	return tekref.ExitCodePathOf(s.name).String()
}

// ExitCodePathValue returns the path for use in Env and Args.
func (s *Step) ExitCodePathValue() TaskString { return TaskString(s.ExitCodePath()) }

// Claim returns the name of the PersistentVolumeClaim that the run binds the workspace
// to, and "" for other volumes.
func (m Mount) Claim() TaskString { return m.field("claim") }

// VolumeName returns the name of the volume in the Pod that the workspace is.
func (m Mount) VolumeName() TaskString { return m.field("volume") }

func (m Mount) field(name string) TaskString {
	return TaskString(tekref.WorkspaceOf(m.name, name).String())
}

// Bound returns a value that is "true" if the run binds the workspace of the pipeline,
// and "false" otherwise.
//
//	publish.When(login.Bound().In("true"))
func (w Workspace) Bound() String {
	if w.d == nil || w.d.scope == nil {
		return ""
	}
	return String(w.d.scope.token(handle.Value, tekref.WorkspaceOf(w.name(), "bound")))
}

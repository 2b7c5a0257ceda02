package check

import (
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// runTexts checks the references in the bindings of a PipelineRun. Tekton
// replaces the params that the run itself sets there, and not the defaults of
// its pipeline. Row 36.
func (c *checker) runTexts(s spot, label string, spec *v1.PipelineRunSpec, p *pipelineCheck) {
	given := valueScope(s.field("params"), label, spec.Params, nil, nil)
	walkTexts(spec, s.path, func(tx text) {
		if !strings.HasPrefix(tx.field, "workspaces.") {
			return
		}
		at := s.at(tx.path)
		scan(tx.value, func(m match) {
			at, r := at.of(tx.value[m.Start:m.End]), tekref.Parse(m.Expr)
			switch {
			case r.Kind == refNone || m.Open || m.Escaped:
			case r.Fault != "":
				c.syntax(at, m, r)
			case r.Kind == refParam && given.find(r.Name) == nil:
				help := suggest(r.Name, given.names(), "set it in this run")
				if p != nil && p.params.find(r.Name) != nil {
					help = "a default of the pipeline does not reach here: set it in this run"
				}
				c.fail(at, "param-unknown", r.Name, m.String()+" names no param that "+label+" sets, and stays as it is", help)
			case r.Kind == refParam:
				c.paramForm(at, tx, m, r, given.find(r.Name), false)
			case r.Kind == refContext:
				c.contextField(at, m, r, []string{"pipelineRun", "pipeline"})
			case r.Kind == refTaskResult && p != nil:
				p.owner(nil, at, m, r)
			}
		})
	})
}

// taskRunTexts checks the references in the bindings and the pod template of a
// TaskRun, which may name the params of its Task and those of the run.
func (c *checker) taskRunTexts(s spot, label string, spec *v1.TaskRunSpec, params *paramScope) {
	scope := valueScope(s.field("params"), label, spec.Params, nil, params)
	walkTexts(spec, s.path, func(tx text) {
		if !strings.HasPrefix(tx.field, "workspaces.") && !strings.HasPrefix(tx.field, "podTemplate.") {
			return
		}
		at := s.at(tx.path)
		scan(tx.value, func(m match) {
			at, r := at.of(tx.value[m.Start:m.End]), tekref.Parse(m.Expr)
			switch {
			case r.Kind != refParam || m.Open || m.Escaped:
			case r.Fault != "":
				c.syntax(at, m, r)
			case scope.find(r.Name) == nil:
				c.fail(at, "param-unknown", r.Name, m.String()+" names no param of "+label+" or its Task, and stays as it is", suggest(r.Name, scope.names(), "set it in this run"))
			default:
				for outer := scope; outer != nil; outer = outer.outer {
					if p := outer.index[r.Name]; p != nil {
						p.used = true
					}
				}
			}
		})
	})
}

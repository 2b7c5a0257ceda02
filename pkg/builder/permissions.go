package builder

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Permission is a set of RBAC rules that a service account needs in a namespace.
type Permission struct {
	// Account is the service account of the task, if the run sets one for it
	// (TaskRunSpec.ServiceAccount). "" is the service account of the run.
	Account string
	// Namespace is where the rules are needed. "" is the namespace of the run.
	Namespace String
	// Unset are the params of the pipeline in Namespace that the run must set and does not,
	// which is reported as param-missing.
	Unset []string
	Rules []rbacv1.PolicyRule
}

// PodStarter is implemented by *PipelineRun and *TaskRun, which start pods under
// a service account.
type PodStarter interface {
	Account() string
	Permissions() []Permission
}

// Account returns the name of the run's service account, "" for the default of
// the cluster.
func (r *PipelineRun) Account() string {
	if r == nil {
		return ""
	}
	return r.account
}

// Permissions returns what the tasks of the run declare with
// [Task.RequirePermissions], in the order of the tasks. Params in namespaces are
// replaced by the arguments of the run and by defaults. A task that needs no
// permissions but has its own service account is included without rules.
func (r *PipelineRun) Permissions() []Permission {
	if r.none() {
		return nil
	}
	values, names := map[string]String{}, map[string]string{}
	for _, d := range r.pipeline.params {
		if d.kind != stringKind {
			continue
		}
		expr := tekref.ParamOf(d.name).Expr
		names[expr] = d.name
		if d.def != nil {
			values[expr] = String(d.def.StringVal)
		}
	}
	for _, a := range r.args {
		if p, ok := a.(*paramArg); ok && p.kind == stringKind {
			if tok, ok := handle.Single(p.target); ok {
				values[tok.Expr] = p.str
			}
		}
	}
	accounts := map[*PipelineTask]string{}
	for _, x := range r.taskRunSpecs {
		if x.o.ServiceAccount != "" {
			accounts[x.pipelineTask] = x.o.ServiceAccount
		}
	}
	var out []Permission
	for _, list := range [][]*PipelineTask{r.pipeline.tasks, r.pipeline.finally} {
		for _, n := range list {
			if n.task == nil {
				continue
			}
			required := n.task.permissions(values, names)
			if len(required) == 0 && accounts[n] != "" {
				required = []Permission{{}} // the service account must still exist
			}
			for _, permission := range required {
				permission.Account = accounts[n]
				out = append(out, permission)
			}
		}
	}
	return out
}

// Account returns the name of the run's service account, "" for the default of
// the cluster.
func (r *TaskRun) Account() string {
	if r == nil {
		return ""
	}
	return r.account
}

// Permissions returns what the task declares with [Task.RequirePermissions].
func (r *TaskRun) Permissions() []Permission {
	if r.none() || r.pipelineTask.task == nil {
		return nil
	}
	return r.pipelineTask.task.permissions(nil, nil)
}

// permissions returns the required permissions, with params in namespaces
// replaced by their values. Names are the params of the pipeline by their expressions.
func (t *Task) permissions(values map[string]String, names map[string]string) []Permission {
	var out []Permission
	for _, required := range t.required {
		r := Permission{Namespace: resolve(required.Namespace, values), Unset: unset(required.Namespace, values, names)}
		for i := range required.Rules {
			r.Rules = append(r.Rules, *required.Rules[i].DeepCopy())
		}
		out = append(out, r)
	}
	return out
}

// resolve replaces params whose value is known. It keeps other variables.
func resolve(s String, values map[string]String) String {
	parts, fault := handle.Parse(string(s))
	if fault != handle.NoFault {
		return s
	}
	var b strings.Builder
	for _, p := range parts {
		switch {
		case p.Token == nil:
			b.WriteString(p.Text)
		default:
			if v, ok := values[p.Token.Expr]; ok {
				b.WriteString(string(v))
			} else {
				b.WriteString(p.Token.String())
			}
		}
	}
	return String(b.String())
}

// unset returns the params in a text that a pipeline declares and that have no value.
func unset(s String, values map[string]String, names map[string]string) []string {
	parts, _ := handle.Parse(string(s))
	var all []string
	for _, p := range parts {
		if p.Token == nil || names[p.Token.Expr] == "" {
			continue
		}
		if _, ok := values[p.Token.Expr]; !ok {
			all = append(all, names[p.Token.Expr])
		}
	}
	return all
}

package builder

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Permission is what a run's account must be allowed to do in a namespace; "" is
// the namespace of the run.
type Permission struct {
	// Account is the account that needs it, where a run gives the task one of
	// its own (Override.ServiceAccount); "" is the run's.
	Account   string
	Namespace String
	Rules     []rbacv1.PolicyRule
}

// PodStarter is what starts pods under an account: a Run or a TaskRun.
type PodStarter interface {
	Account() string
	Permissions() []Permission
}

// Account is the service account of the run, "" for the cluster's default.
func (r *PipelineRun) Account() string {
	if r == nil {
		return ""
	}
	return r.account
}

// Permissions is what the tasks of the run declare with Needs, in the order of the
// tasks, with the namespaces that the run's arguments and the defaults give. A
// task that needs none and has an account of its own stands there with that
// alone.
func (r *PipelineRun) Permissions() []Permission {
	if r.none() {
		return nil
	}
	values := map[string]String{}
	for _, d := range r.pipeline.params {
		if d.kind == stringKind && d.def != nil {
			values[tekref.ParamOf(d.name).Expr] = String(d.def.StringVal)
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
			accounts[x.node] = x.o.ServiceAccount
		}
	}
	var out []Permission
	for _, list := range [][]*PipelineTask{r.pipeline.tasks, r.pipeline.finally} {
		for _, n := range list {
			if n.task == nil {
				continue
			}
			needs := n.task.permissions(values)
			if len(needs) == 0 && accounts[n] != "" {
				needs = []Permission{{}} // it must exist all the same
			}
			for _, right := range needs {
				right.Account = accounts[n]
				out = append(out, right)
			}
		}
	}
	return out
}

// Account is the service account of the run, "" for the cluster's default.
func (r *TaskRun) Account() string {
	if r == nil {
		return ""
	}
	return r.account
}

// Permissions is what the task declares with Needs.
func (r *TaskRun) Permissions() []Permission {
	if r.none() || r.node.task == nil {
		return nil
	}
	return r.node.task.permissions(nil)
}

// rights resolves namespaces by the values of params.
func (t *Task) permissions(values map[string]String) []Permission {
	var out []Permission
	for _, need := range t.needs {
		r := Permission{Namespace: resolve(need.Namespace, values)}
		for i := range need.Rules {
			r.Rules = append(r.Rules, *need.Rules[i].DeepCopy())
		}
		out = append(out, r)
	}
	return out
}

// resolve replaces params whose value is known; other references stay.
func resolve(s String, values map[string]String) String {
	parts, fault := handle.Parse(string(s))
	if fault != handle.Fine {
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

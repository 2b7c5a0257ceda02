package facts

import v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

// This file finds runs whose Pipeline or Task is read from the commit of a stranger.

// resolves returns the credentials of a run that refers to a Pipeline or a Task in the
// commit of a stranger.
func (e *Entry) resolves(values *Carried, defaultAccount string) (Exposure, bool) {
	if e.TaskRun != nil {
		ref := e.TaskRun.Spec.TaskRef
		if ref == nil {
			return Exposure{}, false
		}
		x, ok := resolvedFrom(&ref.ResolverRef, e.At("spec", "taskRef"), "Task", values.InTemplate)
		if ok {
			e.reachRun(&x, len(e.TaskRun.Spec.Workspaces), e.TaskRun.Spec.ServiceAccountName, e.At("spec", "serviceAccountName"), defaultAccount)
		}
		return x, len(x.Reached) > 0
	}
	ref := e.Run.Spec.PipelineRef
	if ref == nil {
		return Exposure{}, false
	}
	x, ok := resolvedFrom(&ref.ResolverRef, e.At("spec", "pipelineRef"), "Pipeline", values.InTemplate)
	if ok {
		e.reachRun(&x, len(e.Run.Spec.Workspaces), e.Run.Spec.TaskRunTemplate.ServiceAccountName, e.At("spec", "taskRunTemplate", "serviceAccountName"), defaultAccount)
	}
	return x, len(x.Reached) > 0
}

// resolves reports whether the task refers to a Task in the commit of a stranger.
func (t *PipelineTask) resolves(from *Carried) (Exposure, bool) {
	if t.TaskRef == nil {
		return Exposure{}, false
	}
	return resolvedFrom(&t.TaskRef.ResolverRef, t.Spot.Field("taskRef"), "Task", from.In)
}

// resolvedFrom returns the exposure of what a resolver fetches from the commit of a
// stranger, without credentials.
func resolvedFrom(ref *v1.ResolverRef, at Spot, kind string, in func(text string) []StrangerValue) (Exposure, bool) {
	if ref.Resolver == "" {
		return Exposure{}, false
	}
	fetches := fetchesRequest(ref.Params)
	for i := range ref.Params {
		for _, v := range in(ref.Params[i].Value.StringVal) {
			if v.Commit || v.Number && fetches {
				return Exposure{Value: v, Resolved: at.Index("params", i), Kind: kind}, true
			}
		}
	}
	return Exposure{}, false
}

// reachRun adds the credentials of a run: those of its workspaces and of its service
// account.
func (e *Entry) reachRun(x *Exposure, workspaces int, account string, at Spot, defaultAccount string) {
	for i := range workspaces {
		x.reach("", e.secretsAt(e.At("spec").Index("workspaces", i))...)
	}
	x.reach("", e.accountCredentials(account, at, defaultAccount)...)
}

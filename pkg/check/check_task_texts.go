package check

import (
	"slices"
	"strconv"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// replaced are the fields of a Task spec in which Tekton replaces references.
var replaced = replacedFields()

func replacedFields() map[string]bool {
	out := map[string]bool{}
	for _, f := range []string{
		"name", "image", "imagePullPolicy", "command", "args", "script", "workingDir",
		"env.value", "env.valueFrom.secretKeyRef.name", "env.valueFrom.secretKeyRef.key",
		"env.valueFrom.configMapKeyRef.name", "env.valueFrom.configMapKeyRef.key",
		"envFrom.prefix", "envFrom.configMapRef.name", "envFrom.secretRef.name",
		"volumeMounts.name", "volumeMounts.mountPath", "volumeMounts.subPath",
	} {
		for _, container := range []string{"", "steps.", "sidecars.", "stepTemplate."} {
			out[container+f] = true
		}
	}
	for _, f := range []string{
		"steps.onError", "steps.stdoutConfig.path", "steps.stderrConfig.path", "steps.when.input", "steps.when.values",
		"steps.when.cel", "steps.params.value", "steps.ref.params.value", "workspaces.mountPath", "params.default", "results.value",
		"volumes.name", "volumes.configMap.name", "volumes.configMap.items.key", "volumes.configMap.items.path",
		"volumes.secret.secretName", "volumes.secret.items.key", "volumes.secret.items.path", "volumes.persistentVolumeClaim.claimName",
		"volumes.projected.sources.configMap.name", "volumes.projected.sources.secret.name",
		"volumes.projected.sources.serviceAccountToken.audience", "volumes.csi.nodePublishSecretRef.name", "volumes.csi.volumeAttributes",
	} {
		out[f] = true
	}
	return out
}

// prose are the fields that hold text for people.
func prose(field string) bool {
	return field == "description" || field == "displayName" ||
		strings.HasSuffix(field, ".description") || strings.HasSuffix(field, ".displayName")
}

// texts checks every string of the spec that holds a $(.
func (t *taskCheck) texts() {
	walkTexts(t.spec, t.spot.path, func(tx text) {
		if !prose(tx.field) {
			t.text(tx)
		}
	})
}

// actionTexts checks the strings of a StepAction, which are those of a step.
func (t *taskCheck) actionTexts(spec *v1beta1.StepActionSpec) {
	t.step0 = spec
	walkTexts(spec, t.spot.path, func(tx text) {
		if !prose(tx.field) {
			t.text(tx)
		}
	})
}

// text checks one string.
func (t *taskCheck) text(tx text) {
	s := t.spot.at(tx.path)
	script := strings.HasSuffix(tx.field, "script") && (tx.field == "script" || tx.field == "steps.script" || tx.field == "sidecars.script")
	code := script || t.inline(tx)
	var pasted, seen []string
	scan(tx.value, func(m match) {
		if len(seen) < 16 && !m.Open {
			if slices.Contains(seen, m.Expr) {
				return // one word on it is enough
			}
			seen = append(seen, m.Expr)
		}
		s, r := s.of(tx.value[m.Start:m.End]), tekref.Parse(m.Expr)
		if filledLater(s, m) {
			if code && r.Kind == refEvent {
				pasted = append(pasted, m.String())
			}
			return
		}
		if r.Kind == refNone {
			t.foreign(s, tx, m, script)
			return
		}
		if m.Open {
			if r.Fault == "" && (r.Kind != refParam || t.params.find(r.Name) != nil) {
				t.fail(s, "reference-syntax", r.Expr, m.String()+" lacks its closing parenthesis", "write "+r.String())
			}
			return
		}
		if !replaced[tx.field] {
			t.ignored(s, tx, m, r)
			return
		}
		if code && r.Fault == "" && (r.Kind == refParam && t.stranger(r.Name) || r.Kind == refTaskResult && t.pipeline != nil && r.Owner != t.task.Name) {
			pasted = append(pasted, m.String())
		}
		t.reference(s, tx, m, r, m.Start == 0 && m.End == len(tx.value))
	})
	if len(pasted) > 0 {
		t.pasted(s.of(pasted[0]), pasted, script)
	}
}

// foreign looks at a $(...) that names nothing of Tekton's: it may be of the
// shell, of Kubernetes, or misspelt.
func (t *taskCheck) foreign(s spot, tx text, m match, script bool) {
	if m.Open || m.Escaped || !replaced[tx.field] {
		return
	}
	if tekref.IsRemoved(m.Expr) {
		t.fail(s, "reference-unknown", m.Expr, m.String()+" is of PipelineResources, which Tekton has removed, and stays as it is", "use params, workspaces and results")
		return
	}
	if r, ok := tekref.Misspelt(m.Expr); ok && (r.Kind != refParam || t.params.find(r.Name) != nil) {
		t.fail(s, "reference-unknown", m.Expr, m.String()+" names nothing that Tekton replaces, and stays as it is", "did you mean $("+r.Fix+")?")
		return
	}
	last := tx.field[strings.LastIndexByte(tx.field, '.')+1:]
	if script || last == "command" || last == "args" || strings.HasSuffix(tx.field, "env.value") ||
		strings.HasPrefix(tx.field, "params.") || strings.HasPrefix(tx.field, "steps.params") || last == "cel" || !tekref.IsName(m.Expr) {
		return
	}
	t.fail(s, "reference-unknown", m.Expr, m.String()+" names nothing that Tekton replaces, and stays as it is",
		"name a param, a result, a workspace or the context")
}

// ignored reports a reference in a field where Tekton replaces none.
func (t *taskCheck) ignored(s spot, tx text, m match, r reference) {
	if m.Escaped || r.Fault != "" || t.action && tx.field == "params.default" {
		return
	}
	if r.Kind == refParam {
		if p := t.params.find(r.Name); p != nil {
			p.used = true
		} else {
			return
		}
	}
	t.fail(s, "reference-ignored", r.Expr, m.String()+" stays as it is: Tekton replaces nothing in "+tx.field, "write the value out, or pass it where Tekton replaces it: env, args, script")
}

// reference checks one reference of a Task spec.
func (t *taskCheck) reference(s spot, tx text, m match, r reference, isolated bool) {
	if r.Kind == refParam {
		if t.twinKey(s, tx, m, r) {
			return
		}
		t.paramRef(t.params, t.seen, s, tx, m, r, isolated)
		return
	}
	if r.Fault != "" {
		if r.Kind == refResultPath {
			t.usedResults[""] = true // which one is not known
			t.usedResults[r.Name] = true
		}
		t.syntax(s, m, r)
		return
	}
	if tx.field == "params.default" {
		t.scopeError(s, m, r, "the default of a param", "a default may name other params only")
		return
	}
	switch r.Kind {
	case refResultPath:
		t.resultPath(s, m, r)
	case refStepResultPath:
		t.stepResultPath(s, tx, m, r)
	case refStepResult:
		t.stepResult(s, tx, m, r, isolated)
	case refStepExit:
		t.stepExit(s, m, r)
	case refWorkspace:
		t.workspaceRef(s, m, r)
	case refContext:
		t.contextRef(s, m, r)
	case refTaskResult, refFinallyResult, refTaskStatus, refTasksStatus, refMatrixLength, refTaskArtifact:
		t.pipelineRef(s, tx, m, r, isolated)
	case refEvent:
		t.scopeError(s, m, r, t.label, "it is for TriggerTemplates: declare a param")
	case refArtifacts, refStepArtifact:
		if !t.artifactField(tx.field) && !(r.Kind == refArtifacts && !strings.HasPrefix(r.Expr, "step.")) {
			t.fail(s, "reference-scope", r.Expr, m.String()+" is replaced only in env, command, args and script of a step", "pass it through env")
			return
		}
		if !t.profile.feature("enable-artifacts") && !t.again(t.seen, "artifacts", s) {
			t.gate(s, "enable-artifacts", "an artifact")
		}
	case refCredentials, refParam, refNone:
	}
}

// artifactField reports whether Tekton takes an artifact of a step there.
func (t *taskCheck) artifactField(field string) bool {
	f, ok := strings.CutPrefix(field, "steps.")
	if !ok {
		return true
	}
	switch f {
	case "name", "image", "imagePullPolicy", "workingDir":
		return false
	}
	return !strings.HasPrefix(f, "envFrom.") && !strings.HasPrefix(f, "volumeMounts.") && !strings.HasPrefix(f, "volumeDevices.")
}

// scopeError reports a reference that is fine elsewhere.
func (c *checker) scopeError(s spot, m match, r reference, where, help string) {
	if m.Escaped {
		return
	}
	c.fail(s, "reference-scope", r.Expr, m.String()+" stays as it is: it has no meaning in "+where, help)
}

// pipelineRef checks a reference to another task of the pipeline, which an
// embedded spec may hold.
func (t *taskCheck) pipelineRef(s spot, tx text, m match, r reference, isolated bool) {
	if t.pipeline == nil || r.Kind == refTaskStatus || r.Kind == refTasksStatus || r.Kind == refMatrixLength {
		t.scopeError(s, m, r, "a Task", "declare a param, and pass it in the pipeline")
		return
	}
	// Tekton looks for edges in steps and sidecars only.
	t.pipeline.embeddedRef(t.task, s, tx, m, r, isolated)
}

func (t *taskCheck) contextRef(s spot, m match, r reference) {
	switch r.Owner {
	case "task", "taskRun":
	case "pipeline", "pipelineRun":
		if t.pipeline == nil {
			t.scopeError(s, m, r, "a Task", "declare a param, and pass it in the pipeline")
			return
		}
	case "pipelineTask":
		t.scopeError(s, m, r, "a Task", "declare a param, and pass it in the pipeline")
		return
	}
	if tekref.ContextFields(r.Owner) == nil && !slices.Contains(tekref.ContextFields(nearest(r.Owner, tekref.ContextKinds())), r.Name) && strings.HasSuffix(s.path, "cript") {
		t.warn(s, "reference-unknown", r.Expr, m.String()+" names nothing that Tekton replaces: the shell takes it for a command", "for the status of a task, pass $(tasks.TASK.status) as a param to a task of finally")
		return
	}
	t.contextField(s, m, r, []string{"taskRun", "task"})
}

// contextField checks the kind and the field of a context.
func (c *checker) contextField(s spot, m match, r reference, kinds []string) {
	fields := tekref.ContextFields(r.Owner)
	if fields == nil {
		c.fail(s, "reference-unknown", r.Expr, m.String()+" names no context, and stays as it is", oneOf(r.Owner, kinds))
		return
	}
	if !slices.Contains(fields, r.Name) {
		c.fail(s, "reference-unknown", r.Expr, m.String()+" names no field of context."+r.Owner+", and stays as it is", oneOf(r.Name, fields))
	}
}

// typeOf says what a reference in a Task spec stands for.
func (t *taskCheck) typeOf(r reference) (v1.ParamType, bool) {
	switch r.Kind {
	case refParam:
		return paramRefType(t.params, r)
	case refStepResult, refTaskResult, refFinallyResult, refNone:
		return "", false
	}
	return v1.ParamTypeString, true
}

// paramRefType is the type of what a reference to a param gives.
func paramRefType(ps *paramScope, r reference) (v1.ParamType, bool) {
	p := ps.find(r.Name)
	if p == nil {
		return "", false
	}
	if p.typ == v1.ParamTypeString {
		return v1.ParamTypeString, r.Whole() && !r.Star
	}
	if !r.Whole() {
		return v1.ParamTypeString, true
	}
	return p.typ, r.Star && !r.Bracket
}

// stepIndex is the index of the step in which a path lies; -1 if it lies in
// none.
func (t *taskCheck) stepIndex(path string) int {
	rest, ok := strings.CutPrefix(path, field(t.spot.path, "steps["))
	if !ok {
		return -1
	}
	end := strings.IndexByte(rest, ']')
	if end < 0 {
		return -1
	}
	i, err := strconv.Atoi(rest[:end])
	if err != nil || i >= len(t.spec.Steps) {
		return -1
	}
	return i
}

package check

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/tektoncd/pipeline/pkg/apis/config"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"knative.dev/pkg/apis"
)

// Upstream asks Tekton's own webhook code whether it admits the object, with
// every feature switched on, and returns its complaints with the code
// "upstream". Objects that are none of Tekton's pass. The object itself is not
// changed: SetDefaults and Validate run on a copy, which gets a name if it has
// only a generateName.
//
// It is the safety net below the rules: where the net catches something, a
// rule is missing.
func Upstream(o Object) (findings Findings) {
	if isNil(o.Object) {
		return nil
	}
	e := newEntry(o)
	defer func() {
		if r := recover(); r != nil {
			findings = nil // a fault of Tekton's: it would refuse nothing, it would crash
		}
	}()
	target := e.admitted()
	if target == nil {
		return nil
	}
	if m, err := meta.Accessor(target); err == nil && m.GetName() == "" && m.GetGenerateName() != "" {
		m.SetName(strings.TrimRight(m.GetGenerateName(), "-.") + "-x")
	}
	ctx := allFeatures()
	target.SetDefaults(ctx)
	err := target.Validate(ctx)
	if err == nil {
		return nil
	}
	for _, fe := range err.WrappedErrors() {
		findings = append(findings, e.upstreamFinding(fe))
	}
	findings.Sort()
	return findings
}

// admission is what Tekton's webhook does with an object.
type admission interface {
	runtime.Object
	apis.Defaultable
	apis.Validatable
}

// admitted returns a copy of the object for the webhook code, nil if that has
// nothing to say on its kind.
func (e *entry) admitted() admission {
	switch {
	case e.task != nil:
		return e.task.DeepCopy()
	case e.pipeline != nil:
		return e.pipeline.DeepCopy()
	case e.run != nil:
		return e.run.DeepCopy()
	case e.taskRun != nil:
		return e.taskRun.DeepCopy()
	case e.action != nil:
		return e.action.DeepCopy()
	}
	switch t := e.Object.Object.(type) {
	case *v1beta1.Task:
		return t.DeepCopy()
	case *v1beta1.Pipeline:
		return t.DeepCopy()
	case *v1beta1.PipelineRun:
		return t.DeepCopy()
	case *v1beta1.TaskRun:
		return t.DeepCopy()
	case *v1beta1.CustomRun:
		return t.DeepCopy()
	}
	return nil
}

var (
	_ admission = (*v1.Task)(nil)
	_ admission = (*v1beta1.StepAction)(nil)
)

// upstreamFinding turns one complaint into a finding. Tekton's paths are not
// reliable, so they are kept in the message, and as the path only as far as
// they are well-formed.
func (e *entry) upstreamFinding(fe *apis.FieldError) Finding {
	message := strings.TrimSuffix(strings.Join(strings.Fields(fe.Message), " "), ".")
	path := ""
	for _, p := range fe.Paths {
		if p != "" {
			path = p
			break
		}
	}
	if path != "" && path != apis.CurrentField {
		message += " (" + strings.Join(strings.Fields(strings.Join(fe.Paths, ", ")), " ") + ")"
	}
	clean := upstreamPath(path)
	return Finding{
		Code: "upstream", Severity: Error, Object: e.ref, Path: clean, Place: e.At(clean),
		Message: "tekton refuses it: " + message,
		Help:    strings.TrimSuffix(strings.Join(strings.Fields(fe.Details), " "), "."),
	}
}

// upstreamPath keeps the beginning of a path of Tekton's that can be a path of
// ours: it stops at the first key in brackets, which Tekton writes for items
// of lists.
func upstreamPath(path string) string {
	if !strings.HasPrefix(path, "spec") && !strings.HasPrefix(path, "metadata") {
		return ""
	}
	if strings.HasPrefix(path, "spec[") {
		return "spec"
	}
	for i := 0; i < len(path); i++ {
		if path[i] != '[' {
			continue
		}
		end := strings.IndexByte(path[i:], ']')
		if end < 2 || strings.Trim(path[i+1:i+end], "0123456789") != "" {
			return strings.TrimSuffix(path[:i], ".")
		}
	}
	return path
}

// allFeatures returns a context in which Tekton's code sees every feature on.
// It is made once and never changed.
var allFeatures = sync.OnceValue(func() context.Context {
	cfg := config.FromContextOrDefaults(context.Background())
	flags, err := config.NewFeatureFlagsFromMap(map[string]string{
		"enable-api-fields":              "alpha",
		"enable-cel-in-whenexpression":   "true",
		"enable-param-enum":              "true",
		"enable-artifacts":               "true",
		"enable-concise-resolver-syntax": "true",
		"enable-kubernetes-sidecar":      "true",
	})
	if err == nil {
		cfg.FeatureFlags = flags
	}
	return config.ToContext(context.Background(), cfg)
})

// crashed reports a fault of a rule itself, so that it is neither hidden nor
// fatal.
func (c *checker) crashed(e *entry, cause any) {
	c.warn(in(e, ""), "internal", "", fmt.Sprintf("a rule could not read this object: %v", cause),
		"please report this with the object")
}

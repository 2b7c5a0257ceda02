package versions

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed feature-gate.md
var featureGateText string

var featureGate = &rule.Rule{
	Code:     "feature-gate",
	Severity: diag.Warning,
	Topic:    "versions",
	Text:     featureGateText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects, rule.Variables},
	Run: func(p *rule.Pass) {

		for _, t := range p.Entry.TaskSpecs() {
			taskGates(p, t)
		}
		for _, s := range p.Entry.PipelineSpecs() {
			enums(p, s.Params)
			for _, t := range s.Tasks {
				pipelineTaskGates(p, t)
			}
		}
		refs := p.Entry.Refs()
		for i := range refs {
			refGates(p, &refs[i])
		}
		runGates(p)
	},
}

// gated returns the severity for a field that the cluster does not allow: a warning if
// the profile only assumes the defaults.
func gated(p *rule.Pass) diag.Severity {
	if p.Profile.FlagsKnown() {
		return diag.Error
	}
	return diag.Warning
}

// flag reports a field that needs a feature flag of its own.
func flag(p *rule.Pass, s facts.Spot, name, what string) {
	if since := p.Profile.FeatureSince(name); since != "" {
		p.Error(s, name, what+" needs Tekton Pipelines "+since+" or later, but the cluster has "+p.Profile.PipelinesVersion, "do without it, or upgrade the cluster")
		return
	}
	if p.Profile.Feature(name) {
		return
	}
	off := ", which is disabled by default"
	if p.Profile.FlagsKnown() {
		off = ", which is disabled"
	}
	p.Add(s, gated(p), name, what+" needs the feature flag "+name+off, `set `+name+`: "true" in ConfigMap "feature-flags", or do without it`)
}

// nested is what Tekton calls Pipelines in Pipelines.
const nested = "a pipeline in a pipeline"

// level reports a field that needs a level of enable-api-fields.
func level(p *rule.Pass, s facts.Spot, level, what string) {
	if p.Profile.Allows(level) {
		return
	}
	now := "it is set to " + p.Profile.APIFields
	if p.Profile.APIFields == "" {
		now = "the default is " + p.Profile.DefaultAPIFields()
	}
	other := "do without it"
	if what == nested {
		other = "use taskRef or taskSpec"
	}
	if p.Profile.APIFields == "" && level == "beta" {
		// Which level it needed then is not known, only that it was not stable earlier than it is now.
		p.Add(s, gated(p), level, what+" needs a higher enable-api-fields than stable, the default of Tekton Pipelines "+p.Profile.PipelinesVersion,
			`set enable-api-fields: alpha in ConfigMap "feature-flags", or `+other)
		return
	}
	p.Add(s, gated(p), level, what+" needs enable-api-fields: "+level+", but "+now,
		"set enable-api-fields: "+level+` in ConfigMap "feature-flags", or `+other)
}

// inline reports an embedded spec in an object of a kind for which the cluster disables
// embedded specs.
func inline(p *rule.Pass, s facts.Spot, kind, what string) {
	if slices.Contains(strings.Split(p.Profile.DisableInlineSpec, ","), kind) {
		p.Error(s, "disable-inline-spec", what+" is embedded, but the cluster disables inline specs", "move it to an object of its own, and refer to that")
	}
}

// podEnv reports environment variables that a pod template sets and the cluster
// forbids.
func podEnv(p *rule.Pass, s facts.Spot, t *pod.Template) {
	if t == nil {
		return
	}
	for i, v := range t.Env {
		if slices.Contains(p.Profile.ForbiddenEnv, v.Name) {
			p.Error(s.Index("env", i), v.Name, "the pod template sets "+phrase.Quote(v.Name)+", which the cluster forbids", "remove it here, or from default-forbidden-env")
		}
	}
}

func enums(p *rule.Pass, ps *facts.ParamScope) {
	for _, d := range ps.List {
		if len(d.Enum) > 0 {
			flag(p, d.Spot.Field("enum"), "enable-param-enum", "enum")
		}
	}
}

func windows(p *rule.Pass, s facts.Spot, script string) {
	if strings.HasPrefix(strings.TrimSpace(script), "#!win") {
		level(p, s.Field("script"), "alpha", "a Windows script")
	}
}

// cel reports when expressions in CEL.
func cel(p *rule.Pass, s facts.Spot, when v1.WhenExpressions) {
	for i := range when {
		if when[i].CEL != "" {
			flag(p, s.Index("when", i).Field("cel"), "enable-cel-in-whenexpression", "cel")
		}
	}
}

func taskGates(p *rule.Pass, t *facts.TaskSpec) {
	if t.Action != nil {
		windows(p, t.Spot, t.Action.Script)
		artifacts(p, t)
		return
	}
	enums(p, t.Params)
	for _, c := range t.Steps() {
		if c.Step.StdoutConfig != nil {
			level(p, c.Spot.Field("stdoutConfig"), "alpha", "stdoutConfig")
		}
		if c.Step.StderrConfig != nil {
			level(p, c.Spot.Field("stderrConfig"), "alpha", "stderrConfig")
		}
		windows(p, c.Spot, c.Script)
		if len(c.Step.Workspaces) > 0 {
			level(p, c.Spot.Field("workspaces"), "beta", "a workspace of a step")
		}
		cel(p, c.Spot, c.Step.When)
	}
	for _, c := range t.Sidecars() {
		if len(c.Sidecar.Workspaces) > 0 {
			level(p, c.Spot.Field("workspaces"), "beta", "a workspace of a sidecar")
		}
	}
	artifacts(p, t)
}

// artifacts reports the artifacts that the texts of a Task spec read.
func artifacts(p *rule.Pass, t *facts.TaskSpec) {
	if p.Profile.Feature("enable-artifacts") && p.Profile.FeatureSince("enable-artifacts") == "" {
		return
	}
	uses := t.Uses()
	for i := range uses {
		switch u := &uses[i]; {
		case t.ReadsArtifact(u):
			if !p.Again(t, "artifacts", u.Spot) {
				flag(p, u.Spot, "enable-artifacts", "an artifact")
			}
		case t.Pipeline != nil && u.Var.Kind == tekref.TaskArtifact && u.IsVariable():
			flag(p, u.Spot, "enable-artifacts", "an artifact")
		}
	}
}

func pipelineTaskGates(p *rule.Pass, t *facts.PipelineTask) {
	if t.OnError != "" {
		level(p, t.Spot.Field("onError"), "beta", "onError of a task")
	}
	cel(p, t.Spot, t.When)
	if t.Matrix != nil && t.IsMatrixed() {
		level(p, t.Spot.Field("matrix"), "beta", "a matrix")
	}
	uses := t.Uses()
	for i := range uses {
		if u := &uses[i]; u.Role == facts.Substituted && u.Var.Kind == tekref.TaskArtifact && u.Var.Fault == "" && u.Text.Field != "matrix.include.name" {
			flag(p, u.Spot, "enable-artifacts", "an artifact")
		}
	}
	if len(t.Sources()) != 1 {
		return
	}
	switch {
	case t.TaskSpec != nil:
		inline(p, t.Spot.Field("taskSpec"), "pipeline", "the taskSpec of "+t.Label)
	case t.PipelineRef != nil:
		level(p, t.Spot.Field("pipelineRef"), "alpha", nested)
	case t.PipelineTask.PipelineSpec != nil:
		level(p, t.Spot.Field("pipelineSpec"), "alpha", nested)
		inline(p, t.Spot.Field("pipelineSpec"), "pipeline", "the pipelineSpec of "+t.Label)
	}
}

func refGates(p *rule.Pass, r *facts.Ref) {
	switch {
	case r.Remote():
		if r.Params != nil {
			level(p, r.Spot.Field("params"), "beta", "the field params of a resolver")
		}
		if r.Resolver != "" {
			level(p, r.Spot.Field("resolver"), "beta", "a resolver")
		}
		if r.Params == nil && facts.IsURL(r.Name) {
			flag(p, r.Spot.Field("name"), "enable-concise-resolver-syntax", "a URL as the name of a ref")
		}
	case facts.IsURL(r.Name):
		flag(p, r.Spot.Field("name"), "enable-concise-resolver-syntax", "a URL as the name of a ref")
	}
}

func runGates(p *rule.Pass) {
	s := p.At("spec")
	switch e := p.Entry; {
	case e.Run != nil:
		spec := &e.Run.Spec
		if spec.PipelineSpec != nil && spec.PipelineRef == nil {
			inline(p, s.Field("pipelineSpec"), "pipelinerun", "the pipelineSpec of "+e.Label())
		}
		podEnv(p, s.Field("taskRunTemplate", "podTemplate"), spec.TaskRunTemplate.PodTemplate)
		for i := range spec.TaskRunSpecs {
			o, at := &spec.TaskRunSpecs[i], s.Index("taskRunSpecs", i)
			overrides(p, at, len(o.StepSpecs), len(o.SidecarSpecs), o.ComputeResources)
			podEnv(p, at.Field("podTemplate"), o.PodTemplate)
		}
	case e.TaskRun != nil:
		spec := &e.TaskRun.Spec
		if spec.TaskSpec != nil && spec.TaskRef == nil {
			inline(p, s.Field("taskSpec"), "taskrun", "the taskSpec of "+e.Label())
		}
		if spec.Debug != nil {
			level(p, s.Field("debug"), "alpha", "debug")
		}
		podEnv(p, s.Field("podTemplate"), spec.PodTemplate)
		overrides(p, s, len(spec.StepSpecs), len(spec.SidecarSpecs), spec.ComputeResources)
	}
}

func overrides(p *rule.Pass, s facts.Spot, steps, sidecars int, resources *corev1.ResourceRequirements) {
	if resources != nil {
		level(p, s.Field("computeResources"), "beta", "computeResources of a run")
	}
	if steps > 0 {
		level(p, s.Field("stepSpecs"), "beta", "stepSpecs")
	}
	if sidecars > 0 {
		level(p, s.Field("sidecarSpecs"), "beta", "sidecarSpecs")
	}
}

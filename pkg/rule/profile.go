package rule

import (
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Profile says what is known of the cluster, and of the set of objects. The
// zero value is a cluster of default settings, and a set that lacks things.
type Profile struct {
	// Complete says that the objects are all there is: what they refer to and
	// is not among them is an error. Otherwise it is a note.
	Complete bool `json:"complete,omitempty"`
	// Exists names what else the cluster has: references to it are neither
	// errors nor notes. Kind and Name have to be set; an empty Namespace stands
	// for each, and the name "*" for every object of the kind.
	Exists []diag.ObjectRef `json:"exists,omitempty"`
	// DefaultServiceAccount is the account that runs get which set none.
	// Empty means "default", Tekton's default.
	DefaultServiceAccount string `json:"defaultServiceAccount,omitempty"`

	// APIFields is the cluster's enable-api-fields: stable, beta or alpha.
	// Empty means that the flags of the cluster are not known: then beta,
	// Tekton's default, is supposed, and what needs more is but a warning.
	APIFields string `json:"apiFields,omitempty"`
	// Features are the flags of the ConfigMap feature-flags that are on, by
	// name: "enable-param-enum". Fields that need one of them are reported
	// (feature-gate) unless it is listed.
	Features []string `json:"features,omitempty"`
	// Coschedule is the cluster's flag of that name: workspaces, pipelineruns,
	// isolate-pipelinerun or disabled. Empty means workspaces, Tekton's
	// default, under which a task mounts one claim at most.
	Coschedule string `json:"coschedule,omitempty"`
	// MaxMatrix is default-max-matrix-combinations-count; 0 means 256.
	MaxMatrix int `json:"maxMatrix,omitempty"`
	// DisableInlineSpec is the cluster's flag of that name: those of pipeline,
	// pipelinerun and taskrun, separated by commas, that may embed no spec.
	DisableInlineSpec string `json:"disableInlineSpec,omitempty"`
	// ForbiddenEnv is default-forbidden-env: the variables that no pod template
	// may set.
	ForbiddenEnv []string `json:"forbiddenEnv,omitempty"`
	// TimeoutMinutes is default-timeout-minutes, of runs that set none; 0 means
	// no timeout, and nil 60, Tekton's default.
	TimeoutMinutes *int `json:"timeoutMinutes,omitempty"`

	// Severities gives rules another severity, by code.
	Severities map[string]diag.Severity `json:"severities,omitempty"`
	// Disabled are the codes of rules that are turned off.
	Disabled []string `json:"disabled,omitempty"`
	// Rules are rules of your own, beside those of package check.
	Rules []*Rule `json:"-"`
}

// Allows reports whether the cluster offers a field that needs the level (beta or
// alpha) of enable-api-fields.
func (p *Profile) Allows(level string) bool {
	switch p.APIFields {
	case "alpha":
		return true
	case "stable":
		return level == "stable"
	}
	return level != "alpha"
}

// FlagsKnown reports whether the flags of the cluster are known.
func (p *Profile) FlagsKnown() bool { return p.APIFields != "" }

// Feature reports whether a flag of the ConfigMap feature-flags is on.
func (p *Profile) Feature(flag string) bool { return slices.Contains(p.Features, flag) }

// Timeout returns the timeout of a PipelineRun that sets none; 0 is no limit.
func (p *Profile) Timeout() time.Duration {
	if p.TimeoutMinutes == nil {
		return time.Hour
	}
	return time.Duration(*p.TimeoutMinutes) * time.Minute
}

// HasObject reports whether the cluster has the object by other means.
func (p *Profile) HasObject(kind, namespace, name string) bool {
	return slices.ContainsFunc(p.Exists, func(r diag.ObjectRef) bool {
		return r.Kind == kind && (r.Name == name || r.Name == "*") &&
			(r.Namespace == "" || namespace == "" || r.Namespace == namespace)
	})
}

// OnePVC reports whether a task may mount one PersistentVolumeClaim only.
func (p *Profile) OnePVC() bool { return p.Coschedule == "" || p.Coschedule == "workspaces" }

// MatrixLimit returns how many runs a matrix may make.
func (p *Profile) MatrixLimit() int {
	if p.MaxMatrix > 0 {
		return p.MaxMatrix
	}
	return 256
}

// SeverityOf returns the severity that the profile gives a finding.
func (p *Profile) SeverityOf(f diag.Finding) diag.Severity {
	if s := p.Severities[f.Code]; s.IsValid() {
		return s
	}
	return f.Severity
}

// Filter gives findings the severities that the profile asks for, and drops
// those of disabled rules, and those that their objects suppress: what check.Run
// does with its own findings, for those on texts (manifest.Parse, manifest.Load)
// and of other tools. Where several objects have one name, each has to suppress
// it. The findings that are given stay as they are.
func (p Profile) Filter(findings diag.Findings, objects []object.Object) diag.Findings {
	annotations := map[diag.ObjectRef][]map[string]string{}
	for _, o := range objects {
		if o.IsNil() {
			continue
		}
		if m, err := meta.Accessor(o.Object); err == nil {
			ref := o.Ref()
			annotations[ref] = append(annotations[ref], m.GetAnnotations())
		}
	}
	var kept diag.Findings
	for _, f := range findings {
		f.Severity = p.SeverityOf(f)
		of := annotations[f.Object]
		reported := slices.ContainsFunc(of, func(a map[string]string) bool { return strings.TrimSpace(a[SuppressPrefix+f.Code]) == "" })
		if !slices.Contains(p.Disabled, f.Code) && (reported || len(of) == 0) {
			kept = append(kept, f)
		}
	}
	return kept
}

package check

import (
	"slices"
	"time"

	"github.com/tekwright/tekwright/pkg/diag"
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
	// DefaultServiceAccount is the account that runs get which name none.
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
	// TimeoutMinutes is default-timeout-minutes, of runs that say none; 0 means
	// no timeout, and nil 60, Tekton's default.
	TimeoutMinutes *int `json:"timeoutMinutes,omitempty"`

	// Severities gives rules another severity, by code.
	Severities map[string]diag.Severity `json:"severities,omitempty"`
	// Disabled lists the codes of rules whose findings are dropped. An object can
	// silence a rule for itself: see [Silence].
	Disabled []string `json:"disabled,omitempty"`
	// Rules are rules of your own, applied after those of this package.
	Rules []Rule `json:"-"`
}

// severity is the one that the profile gives a finding.
func (p Profile) severity(f diag.Finding) diag.Severity {
	if s := p.Severities[f.Code]; s.IsValid() {
		return s
	}
	return f.Severity
}

// disabled reports whether findings of a code are dropped.
func (p Profile) disabled(code string) bool { return slices.Contains(p.Disabled, code) }

// allows reports whether the cluster offers a field that needs the level
// (beta or alpha) of enable-api-fields.
func (p Profile) allows(level string) bool {
	switch p.APIFields {
	case "alpha":
		return true
	case "stable":
		return level == "stable"
	}
	return level != "alpha"
}

// known reports whether the flags of the cluster are known.
func (p Profile) known() bool { return p.APIFields != "" }

// timeout is that of a PipelineRun which sets none; 0 is no limit.
func (p Profile) timeout() time.Duration {
	if p.TimeoutMinutes == nil {
		return time.Hour
	}
	return time.Duration(*p.TimeoutMinutes) * time.Minute
}

// exists reports whether the cluster has the object by other means.
func (p Profile) exists(kind, namespace, name string) bool {
	return slices.ContainsFunc(p.Exists, func(r diag.ObjectRef) bool {
		return r.Kind == kind && (r.Name == name || r.Name == "*") &&
			(r.Namespace == "" || namespace == "" || r.Namespace == namespace)
	})
}

func (p Profile) feature(flag string) bool { return slices.Contains(p.Features, flag) }

// oneClaim reports whether a task may mount one claim only.
func (p Profile) oneClaim() bool { return p.Coschedule == "" || p.Coschedule == "workspaces" }

func (p Profile) maxMatrix() int {
	if p.MaxMatrix > 0 {
		return p.MaxMatrix
	}
	return 256
}

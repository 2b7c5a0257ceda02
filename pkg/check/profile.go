package check

import "slices"

// Profile says what is known of the cluster, and of the set of objects. The
// zero value is a cluster of default settings, and a set that lacks things.
type Profile struct {
	// Complete says that the objects are all there is: what they refer to and
	// is not among them is an error. Otherwise it is a note.
	Complete bool

	// APIFields is the cluster's enable-api-fields: stable, beta or alpha.
	// Empty means beta, Tekton's default.
	APIFields string
	// Features are the flags of the ConfigMap feature-flags that are on, by
	// name: "enable-param-enum". Fields that need one of them are reported
	// (feature-gate) unless it is listed.
	Features []string
	// Coschedule is the cluster's flag of that name: workspaces, pipelineruns,
	// isolate-pipelinerun or disabled. Empty means workspaces, Tekton's
	// default, under which a task mounts one claim at most.
	Coschedule string
	// MaxMatrix is default-max-matrix-combinations-count; 0 means 256.
	MaxMatrix int

	// WithoutUpstream leaves out the safety net: Tekton's own SetDefaults and
	// Validate for each object in which no rule found an error.
	WithoutUpstream bool
}

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

func (p Profile) feature(flag string) bool { return slices.Contains(p.Features, flag) }

// oneClaim reports whether a task may mount one claim only.
func (p Profile) oneClaim() bool { return p.Coschedule == "" || p.Coschedule == "workspaces" }

func (p Profile) maxMatrix() int {
	if p.MaxMatrix > 0 {
		return p.MaxMatrix
	}
	return 256
}

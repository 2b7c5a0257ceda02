package rule

import (
	"cmp"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/releases"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// Profile describes the cluster, the set of objects, and which rules apply. The
// zero value is a cluster with default settings, and a set that may be incomplete.
type Profile struct {
	// Complete states that the set contains every object. A reference to an
	// object outside the set is then an error; otherwise it is a note.
	Complete bool `json:"complete,omitempty"`
	// Exists lists objects that the cluster has in addition to the set.
	// References to them are not reported. Kind and Name are required. An empty
	// Namespace means every namespace, and the name "*" every object of the kind.
	Exists []diag.ObjectRef `json:"exists,omitempty"`
	// DefaultServiceAccount is the service account of runs that set none.
	// Empty means "default", Tekton's default.
	DefaultServiceAccount string `json:"defaultServiceAccount,omitempty"`

	// PipelinesVersion is the version of Tekton Pipelines in the cluster, such as v0.53.0.
	// Releases differ in which feature flags exist, and before v0.49 the default of
	// APIFields is stable. Everything else is that of the version which this module
	// requires, which is also assumed if PipelinesVersion is empty.
	PipelinesVersion string `json:"pipelinesVersion,omitempty"`
	// APIFields is the cluster's enable-api-fields: stable, beta or alpha.
	// Empty means that it is not known. Beta, Tekton's default, is then assumed,
	// and fields that need alpha are a warning instead of an error.
	APIFields string `json:"apiFields,omitempty"`
	// Features lists the flags of the ConfigMap feature-flags that are enabled,
	// such as "enable-param-enum". A field that needs a flag which is not listed
	// is reported (feature-gate).
	Features []string `json:"features,omitempty"`
	// Coschedule is the cluster's flag coschedule: workspaces, pipelineruns,
	// isolate-pipelinerun or disabled. Empty means workspaces, Tekton's default,
	// which allows one PersistentVolumeClaim per task.
	Coschedule string `json:"coschedule,omitempty"`
	// MaxMatrix is default-max-matrix-combinations-count. 0 means 256, Tekton's
	// default.
	MaxMatrix int `json:"maxMatrix,omitempty"`
	// DisableInlineSpec is the cluster's flag disable-inline-spec: a
	// comma-separated list of pipeline, pipelinerun and taskrun, which must not
	// embed specs.
	DisableInlineSpec string `json:"disableInlineSpec,omitempty"`
	// ForbiddenEnv is default-forbidden-env: environment variables that a pod
	// template must not set.
	ForbiddenEnv []string `json:"forbiddenEnv,omitempty"`
	// TimeoutMinutes is default-timeout-minutes, the timeout of runs that set
	// none. 0 means no timeout, and nil means 60, Tekton's default.
	TimeoutMinutes *int `json:"timeoutMinutes,omitempty"`

	// Persona is who reads the findings: regular, pedantic or auditor. Empty means
	// regular. Rules for the other personas are then not applied, unless Severities
	// sets their severity.
	Persona Persona `json:"persona,omitempty"`

	// OneSet states that the objects of all directories are one set. Otherwise each
	// directory may be a set of its own: the same name in two of them is no mistake, and
	// a reference means the nearest object.
	OneSet bool `json:"oneSet,omitempty"`
	// UsedOnly leaves out the objects of Kubernetes to which no object of Tekton refers,
	// as those of a repository with other things besides.
	UsedOnly bool `json:"usedOnly,omitempty"`

	// Remotes maps remote tasks and pipelines in annotations of Pipelines-as-Code to
	// files: a URL or a name such as git-clone:0.9 to a file, and a URL that
	// ends with a slash, for all that begin with it, to a folder. Others are not known.
	Remotes map[string]string `json:"remotes,omitempty"`
	// ReadRemote reads a file of a folder for Remotes. The name has slashes and does not
	// leave the folder. If it is nil, no remote is known. [config.ReadRemote] reads files.
	//
	// [config.ReadRemote]: https://pkg.go.dev/github.com/tekwright/tekwright/pkg/config#ReadRemote
	ReadRemote func(folder, name string) ([]byte, error) `json:"-"`

	// MaxFindings is the maximum number of findings of one check. When it is
	// reached, no more rules are applied, and a finding check-limit says so. 0 means
	// 250,000.
	MaxFindings int `json:"maxFindings,omitempty"`

	// Severities overrides the severity of rules, by code.
	Severities map[string]diag.Severity `json:"severities,omitempty"`
	// Disabled lists the codes of rules that are turned off.
	Disabled []string `json:"disabled,omitempty"`
	// Accepted lists known findings that are not reported. One that accepts nothing is
	// reported (suppression-unused).
	Accepted []Accepted `json:"-"`
	// Rules lists your own rules, which run in addition to those of package
	// check.
	Rules []*Rule `json:"-"`

	// ForFile returns the profile of the objects in a file, whose name is that in
	// positions. If ForFile is nil or returns nil, this profile is that of all files.
	// Each object is checked with the profile of its file, and all objects are known to
	// it. MaxFindings, Rules, Accepted and Suppressed are always those of this profile. Several
	// goroutines may call ForFile. It should return the same pointer for files with the
	// same profile.
	ForFile func(file string) *Profile `json:"-"`

	// Suppressed is called for each finding that an annotation, a comment or Accepted
	// suppresses, with the reason that it gives. It may be nil.
	Suppressed func(f diag.Finding, reason string) `json:"-"`
}

// OfFile returns the profile of the objects in a file: what ForFile returns, or else the
// profile itself. If ForFile panics, it is ignored.
func (p *Profile) OfFile(file string) *Profile {
	if p == nil || p.ForFile == nil {
		return p
	}
	var of *Profile
	if callsite.Catch(func() { of = p.ForFile(file) }) != nil || of == nil {
		return p
	}
	return of
}

// Remote returns the file that Remotes has for a remote task or pipeline, as its folder and
// its name in the folder; false if there is none. The longest URL wins.
func (p *Profile) Remote(value string) (folder, name string, ok bool) {
	if file, exact := p.orZero().Remotes[value]; exact && !strings.HasSuffix(value, "/") {
		file = filepath.ToSlash(file)
		return path.Dir(file), path.Base(file), true
	}
	longest := ""
	for prefix, to := range p.orZero().Remotes {
		rest, found := strings.CutPrefix(value, prefix)
		if found && strings.HasSuffix(prefix, "/") && len(prefix) > len(longest) && fs.ValidPath(rest) {
			longest, folder, name, ok = prefix, to, rest, true
		}
	}
	return folder, name, ok
}

// orZero returns the profile, or the zero Profile if it is nil.
func (p *Profile) orZero() *Profile {
	if p == nil {
		return &Profile{}
	}
	return p
}

// Allows reports whether the cluster accepts fields that need the given level
// (beta or alpha) of enable-api-fields.
func (p *Profile) Allows(level string) bool {
	switch cmp.Or(p.orZero().APIFields, p.DefaultAPIFields()) {
	case "alpha":
		return true
	case "stable":
		return level == "stable"
	}
	return level != "alpha"
}

// DefaultAPIFields returns the level of a cluster that does not set enable-api-fields.
func (p *Profile) DefaultAPIFields() string {
	if releases.Lacks(p.orZero().PipelinesVersion, releases.BetaByDefault) {
		return "stable"
	}
	return "beta"
}

// HasSchemas reports whether the API server checks objects of Tekton with the schemas of
// their CRDs, which older releases did not have.
func (p *Profile) HasSchemas() bool {
	return !releases.Lacks(p.orZero().PipelinesVersion, releases.Schemas)
}

// FeatureSince returns the first release of Tekton Pipelines with a flag of the ConfigMap
// feature-flags, if the release of the profile does not have it yet; otherwise "".
func (p *Profile) FeatureSince(flag string) string {
	if since, ok := releases.Flags[flag]; ok && releases.Lacks(p.orZero().PipelinesVersion, since) {
		return since.String()
	}
	return ""
}

// FlagsKnown reports whether APIFields is set, so that the flags of the cluster
// are known.
func (p *Profile) FlagsKnown() bool { return p.orZero().APIFields != "" }

// Feature reports whether a flag of the ConfigMap feature-flags is enabled.
func (p *Profile) Feature(flag string) bool { return slices.Contains(p.orZero().Features, flag) }

// Timeout returns the timeout of a PipelineRun that sets none. 0 means no timeout.
func (p *Profile) Timeout() time.Duration {
	if p.orZero().TimeoutMinutes == nil {
		return time.Hour
	}
	return time.Duration(*p.TimeoutMinutes) * time.Minute
}

// HasObject reports whether Exists lists the object.
func (p *Profile) HasObject(kind, namespace, name string) bool {
	return slices.ContainsFunc(p.orZero().Exists, func(r diag.ObjectRef) bool {
		return r.Kind == kind && (r.Name == name || r.Name == "*") &&
			(r.Namespace == "" || namespace == "" || r.Namespace == namespace)
	})
}

// OnePVC reports whether a task may mount at most one PersistentVolumeClaim.
func (p *Profile) OnePVC() bool {
	mode := p.orZero().Coschedule
	return mode == "" || mode == "workspaces"
}

// MatrixLimit returns the maximum number of combinations of a matrix.
func (p *Profile) MatrixLimit() int {
	if p.orZero().MaxMatrix > 0 {
		return p.MaxMatrix
	}
	return 256
}

// FindingLimit returns the maximum number of findings of one check.
func (p *Profile) FindingLimit() int {
	if p != nil && p.MaxFindings > 0 {
		return p.MaxFindings
	}
	return 250_000
}

// Shows reports whether findings for the persona are shown.
func (p *Profile) Shows(persona Persona) bool {
	all := Personas()
	return slices.Index(all, string(persona)) <= max(0, slices.Index(all, string(p.orZero().Persona)))
}

// Applies reports whether the profile wants the findings of the rule.
func (p *Profile) Applies(r *Rule) bool {
	if r == nil || slices.Contains(p.orZero().Disabled, r.Code) {
		return false
	}
	_, wanted := p.orZero().Severities[r.Code]
	return wanted || p.Shows(r.Persona)
}

// SeverityOf returns the severity of a finding under the profile.
func (p *Profile) SeverityOf(f diag.Finding) diag.Severity {
	if s := p.orZero().Severities[f.Code]; s.IsValid() {
		return s
	}
	return f.Severity
}

// Filter sets the severities that the profile asks for. It drops the findings of
// disabled rules, and those that their objects and comments suppress. check.RunLoaded does
// this with the findings of manifest.Load; Filter is for those of other tools. If several
// objects have the same name, each of them must suppress a finding. ForFile is called with
// the file of each finding. Filter does not modify the slice findings.
func (p Profile) Filter(findings diag.Findings, objects []object.Object) diag.Findings {
	return p.FilterIn(facts.New(objects), findings)
}

// FilterIn is like [Profile.Filter], for a set whose facts are used for more.
func (p Profile) FilterIn(set *facts.Set, findings diag.Findings) diag.Findings {
	if len(findings) == 0 {
		return nil
	}
	annotations := map[diag.ObjectRef][]map[string]string{}
	for _, e := range set.Entries() {
		ref := e.Object.Ref()
		annotations[ref] = append(annotations[ref], e.Annotations())
	}
	type of struct {
		object diag.ObjectRef
		code   string
	}
	known := map[of]bool{}
	suppressed := func(f diag.Finding) bool {
		all := annotations[f.Object]
		if len(all) == 0 {
			return false
		}
		key := of{f.Object, f.Code}
		is, ok := known[key]
		if !ok {
			is = !slices.ContainsFunc(all, func(a map[string]string) bool { return !facts.Suppressed(a, f.Code) })
			known[key] = is
		}
		return is
	}
	kept := make(diag.Findings, 0, len(findings))
	outside := p.outOfScope(set)
	profiles := map[string]*Profile{}
	for _, f := range findings {
		of := profiles[f.Position.File]
		if of == nil {
			of = p.OfFile(f.Position.File)
			profiles[f.Position.File] = of
		}
		f.Severity = of.SeverityOf(f)
		if slices.Contains(of.Disabled, f.Code) || outside(f) {
			continue
		}
		if suppressed(f) {
			p.suppress(f, facts.Reason(annotations[f.Object][0], f.Code))
			continue
		}
		if one := set.Ignored(f.Code, f.Position); one != nil && f.Object.Kind != "" {
			p.suppress(f, one.Reason)
			continue
		}
		kept = append(kept, f)
	}
	return kept
}

// suppress calls Suppressed.
func (p *Profile) suppress(f diag.Finding, reason string) {
	if p.Suppressed != nil {
		_ = callsite.Catch(func() { p.Suppressed(f, reason) })
	}
}

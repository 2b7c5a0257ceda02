package check

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/releases"
	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/pkg/rule"
)

// ValidateProfile returns all mistakes in the profile as one error: a setting that
// Tekton does not have, a misspelled kind, a rule without a code. [Run] accepts
// such a profile and ignores what it cannot use. [ProfileWarnings] returns what is
// only suspicious.
func ValidateProfile(p Profile) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("profile: "+format, args...)) }
	choice := func(name, value string, values ...string) {
		if value != "" && !slices.Contains(values, value) {
			wrong("%s is %q: %s", name, value, phrase.OneOf(value, values))
		}
	}
	since := func(set bool, name string, since releases.Version) {
		if set && releases.Lacks(p.PipelinesVersion, since) {
			wrong("%s exists since Tekton Pipelines %s, and pipelinesVersion is %s: remove it, or correct the version", name, since, p.PipelinesVersion)
		}
	}
	if _, ok := releases.Parse(p.PipelinesVersion); !ok && p.PipelinesVersion != "" {
		wrong("pipelinesVersion is %q: use a version such as v0.53.0", p.PipelinesVersion)
	}
	since(p.Coschedule != "", "coschedule", releases.Coschedule)
	since(p.DisableInlineSpec != "", "disableInlineSpec", releases.DisableInlineSpec)
	for _, flag := range p.Features {
		since(true, "the feature flag "+strconv.Quote(flag), releases.Flags[flag])
	}
	choice("apiFields", p.APIFields, "stable", "beta", "alpha")
	choice("coschedule", p.Coschedule, "workspaces", "pipelineruns", "isolate-pipelinerun", "disabled")
	choice("persona", string(p.Persona), rule.Personas()...)
	if p.MaxMatrix < 0 {
		wrong("maxMatrix is %d: use a positive number, or remove it", p.MaxMatrix)
	}
	if p.MaxFindings < 0 {
		wrong("maxFindings is %d: use a positive number, or remove it", p.MaxFindings)
	}
	if p.TimeoutMinutes != nil && *p.TimeoutMinutes < 0 {
		wrong("timeoutMinutes is %d: use 0 or a positive number, or remove it", *p.TimeoutMinutes)
	}
	for kind := range strings.SplitSeq(p.DisableInlineSpec, ",") {
		choice("disableInlineSpec", strings.TrimSpace(kind), "pipeline", "pipelinerun", "taskrun")
	}
	for _, flag := range p.Features {
		// A flag of a later Tekton is fine, a misspelt one is not.
		if near := suggest.Name(flag, features); near != "" && !slices.Contains(features, flag) {
			wrong("Tekton has no feature flag %q: did you mean %q?", flag, near)
		}
	}
	for i, r := range p.Exists {
		if r.Kind == "" || r.Name == "" {
			wrong("exists[%d] has no kind or no name: set both, or use the name \"*\" for all objects of a kind", i)
		} else if near := kinds.Near(r.APIVersion, r.Kind); near != "" {
			wrong("exists[%d] has the unknown kind %q: did you mean %q?", i, r.Kind, near)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.Severities)) {
		if s := p.Severities[code]; !s.IsValid() {
			wrong("severities sets %q to %d, which is not a valid severity", code, int(s))
		}
	}
	for _, value := range slices.Sorted(maps.Keys(p.Remotes)) {
		switch file := p.Remotes[value]; {
		case value == "" || file == "":
			wrong("remotes has an empty URL or path: use a URL or a name, and the path of a file or folder")
		case strings.HasSuffix(value, "/") && !strings.Contains(value, "://"):
			wrong("remotes has %q, which is neither a URL nor a name: begin with https://, or remove the slash at the end", value)
		}
	}
	own := map[string]bool{}
	for _, r := range p.Rules {
		if r == nil {
			wrong("rules contains nil")
			continue
		}
		_, taken := Lookup(r.Code)
		switch {
		case !kebab.MatchString(r.Code):
			wrong("the rule code %q is not in kebab case: use a code such as param-missing", r.Code)
		case taken || own[r.Code]:
			wrong("the rule code %q is used twice: rename your rule", r.Code)
		}
		if r.Run == nil {
			wrong("the rule %q has no Run function", r.Code)
		}
		own[r.Code] = true
	}
	return errors.Join(errs...)
}

// ProfileWarnings returns what may be a mistake in the profile, one sentence each:
// a flag that only a later Tekton may have, or a code that is not a rule here but
// may be one in another program that uses the profile.
func ProfileWarnings(p Profile) []string {
	var warnings []string
	warn := func(format string, args ...any) {
		warnings = append(warnings, fmt.Sprintf("profile: "+format, args...))
	}
	for _, flag := range p.Features {
		if !slices.Contains(features, flag) && suggest.Name(flag, features) == "" {
			warn("features has %q, which is not a known feature flag and has no effect", flag)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.Severities)) {
		if !known(p, code) {
			warn("severities has %q, which is not a rule here: %s", code, phrase.Suggest(code, slices.Concat(codesOf(p.Rules), codesOf(rules.All())), "run \"tekwright rules\" to list the rules"))
		}
	}
	for _, code := range p.Disabled {
		if !known(p, code) {
			warn("disabled has %q, which is not a rule here: %s", code, phrase.Suggest(code, slices.Concat(codesOf(p.Rules), codesOf(rules.All())), "run \"tekwright rules\" to list the rules"))
		}
	}
	return warnings
}

var kebab = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// features lists the boolean flags of Tekton's ConfigMap feature-flags.
var features = slices.Sorted(maps.Keys(releases.Flags))

// known reports whether a rule with the code exists.
func known(p Profile, code string) bool {
	_, ok := Lookup(code)
	return ok || slices.Contains(codesOf(p.Rules), code)
}

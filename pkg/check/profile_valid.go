package check

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/kinds"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/rules"
	"github.com/tekwright/tekwright/internal/suggest"
)

// ValidateProfile returns what is wrong with the profile itself, all at once: a
// setting that Tekton does not have, a misspelt kind, a rule of one's own
// without a code. [Run] takes such a profile all the same, and makes of it what
// it can. What may be right elsewhere is told by [ProfileWarnings].
func ValidateProfile(p Profile) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf("profile: "+format, args...)) }
	choice := func(name, value string, values ...string) {
		if value != "" && !slices.Contains(values, value) {
			wrong("%s is %q: %s", name, value, phrase.OneOf(value, values))
		}
	}
	choice("apiFields", p.APIFields, "stable", "beta", "alpha")
	choice("coschedule", p.Coschedule, "workspaces", "pipelineruns", "isolate-pipelinerun", "disabled")
	if p.MaxMatrix < 0 {
		wrong("maxMatrix is %d: write a positive number, or leave it out", p.MaxMatrix)
	}
	if p.TimeoutMinutes != nil && *p.TimeoutMinutes < 0 {
		wrong("timeoutMinutes is %d: write a positive number, or leave it out", *p.TimeoutMinutes)
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
			wrong("exists[%d] lacks kind or name: write both, and * for every name", i)
		} else if near := kinds.Near(r.APIVersion, r.Kind); near != "" {
			wrong("exists[%d] names the kind %q, which there is not: did you mean %q?", i, r.Kind, near)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.Severities)) {
		if s := p.Severities[code]; !s.IsValid() {
			wrong("severities gives %q the severity %d, which does not exist", code, int(s))
		}
	}
	own := map[string]bool{}
	for _, r := range p.Rules {
		if r == nil {
			wrong("a rule is nil")
			continue
		}
		_, taken := LookupRule(r.Code)
		switch {
		case !kebab.MatchString(r.Code):
			wrong("the code %q of a rule is not in kebab-case: write it like param-missing", r.Code)
		case taken || own[r.Code]:
			wrong("there are two rules %q: rename yours", r.Code)
		}
		if r.Run == nil {
			wrong("the rule %q has no Run, so it looks for nothing", r.Code)
		}
		own[r.Code] = true
	}
	return errors.Join(errs...)
}

// ProfileWarnings returns what looks like a mistake in the profile and need not be one,
// a sentence each: a flag that a later Tekton may have, a severity for a code
// that is no rule here and may be one of a program with rules of its own.
func ProfileWarnings(p Profile) []string {
	var doubts []string
	doubt := func(format string, args ...any) { doubts = append(doubts, fmt.Sprintf("profile: "+format, args...)) }
	for _, flag := range p.Features {
		if !slices.Contains(features, flag) && suggest.Name(flag, features) == "" {
			doubt("features names %q, which is no flag that this version knows: it changes nothing", flag)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(p.Severities)) {
		if _, other := LookupOther(code); !other && !known(p, code) {
			doubt("severities names %q, which is no rule here: %s", code, phrase.Suggest(code, slices.Concat(codesOf(p.Rules), codesOf(rules.All())), "the rules are listed by: tekwright rules"))
		}
	}
	for _, code := range p.Disabled {
		if _, other := LookupOther(code); !other && !known(p, code) {
			doubt("disabled has %q, which is not a rule here: %s", code, phrase.Suggest(code, slices.Concat(codesOf(p.Rules), codesOf(rules.All())), "the rules are listed by: tekwright rules"))
		}
	}
	return doubts
}

var kebab = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// features are the flags of Tekton's ConfigMap feature-flags that are on or
// off.
var features = []string{
	"await-sidecar-readiness", "disable-creds-init", "enable-artifacts", "enable-cel-in-whenexpression",
	"enable-concise-resolver-syntax", "enable-kubernetes-sidecar", "enable-param-enum", "enable-provenance-in-status",
	"enable-step-actions", "enable-tekton-oci-bundles", "enable-termination-message-compression",
	"enable-wait-exponential-backoff", "keep-pod-on-cancel", "require-git-ssh-secret-known-hosts",
	"running-in-environment-with-injected-sidecars", "send-cloudevents-for-runs", "set-security-context",
	"set-security-context-read-only-root-filesystem",
}

// known reports whether there is a rule of that code.
func known(p Profile, code string) bool {
	return rules.Lookup(code) != nil || slices.Contains(codesOf(p.Rules), code)
}

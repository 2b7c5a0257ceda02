// Package names contains the rules about the names of objects and of their parts.
package names

import (
	"maps"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/rule"
)

// Rules are the rules of the topic.
var Rules = []*rule.Rule{
	hostInvalid,
	labelInvalid,
	nameInvalid,
	namespaceIgnored,
	namespaceMissing,
	objectDuplicate,
}

const dnsHelp = "use only lower-case letters, digits and -, and begin and end with a letter or digit"

// label reports the name of a task, step, sidecar or volume that is not a DNS label.
// Names with variables are checked only for tasks and steps, which cannot have them.
func label(p *rule.Pass, s facts.Spot, noun, name string) {
	if name == "" || tekref.Contains(name) && (s.Entry.Within != nil || facts.OfTemplate(name) || noun == "sidecar" || noun == "volume") {
		return
	}
	if len(validation.IsDNS1123Label(name)) == 0 {
		return
	}
	help := dnsHelp
	if len(name) > validation.DNS1123LabelMaxLength {
		help = "shorten it to 63 characters"
	}
	p.Error(s, name, noun+" name "+phrase.Quote(name)+" is not a DNS label", help)
}

// result reports the name of a result that Tekton rejects.
func result(p *rule.Pass, s facts.Spot, name string) {
	ok := name != ""
	for i, r := range name {
		inner := i > 0 && i < len(name)-1
		if !tekref.IsNameRune(r) || !inner && (r == '_' || r == '.' || r == '-') {
			ok = false
		}
	}
	if !ok {
		p.Error(s.Field("name"), name, "Tekton rejects the result name "+phrase.Quote(name),
			"use only letters, digits, -, _ and ., and begin and end with a letter or digit")
	}
}

// badParam returns what is wrong with the name of a param, or of a key of an object;
// "" if the name is valid.
func badParam(name string, t v1.ParamType) string {
	if name == "" {
		return "is empty"
	}
	if first := rune(name[0]); first != '_' && (!tekref.IsNameRune(first) || first == '-' || first == '.' || first >= '0' && first <= '9') {
		return "must begin with a letter or _"
	}
	for _, r := range name {
		if !tekref.IsNameRune(r) {
			return "may contain only letters, digits, -, _ and ."
		}
	}
	if t == v1.ParamTypeObject && strings.Contains(name, ".") {
		return "must not contain a dot, because the param is an object"
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

package infra

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/pkg/diag"
)

// rule is the syntax of a kind of name.
type rule = naming.Rule

var (
	dnsName  = naming.DNSName()
	dnsLabel = naming.DNSLabel()
	service  = naming.Service()
	dataKey  = naming.New(validation.IsConfigMapKey, "a valid key", "use only letters, digits, ., _ and -")
	roleName = naming.New(brokenRoleName, "a valid role name", "remove / and %")

	metaKey    = naming.New(brokenMetaKey, "a valid key of a label or an annotation", "write prefix/name: letters, digits, -, _ and ., 63 characters at most after the /")
	labelValue = naming.LabelValue()
	variable   = naming.New(brokenVariable, "a valid environment variable name", "use only letters, digits and _, and do not begin with a digit")
)

// brokenRoleName is the API server's rule for the names of RBAC objects.
func brokenRoleName(s string) []string {
	if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/%") {
		return []string{"no segment of a path"}
	}
	return nil
}

// brokenMetaKey is the rule for the keys of labels and annotations.
func brokenMetaKey(s string) []string { return validation.IsQualifiedName(strings.ToLower(s)) }

// brokenVariable is the rule for the names of shell variables.
func brokenVariable(s string) []string {
	for i, r := range s {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return []string{"no name for a shell"}
		}
	}
	if s == "" {
		return []string{"empty"}
	}
	return nil
}

// check reports an invalid name, and returns whether it is valid; what describes the
// name: "the name", "the host".
func (l *lowering) check(at place, path diag.Path, r rule, what, s string) bool {
	if !l.plain(at, path, what, s) {
		return false
	}
	l.put(path, at)
	if s == "" {
		l.report(at, path, "name-invalid", s, what+" is empty", "pass one that is not empty")
		return false
	}
	if len(r.Problems(s)) > 0 {
		l.report(at, path, "name-invalid", s, what+" is "+q(s)+", which is not "+r.Form, r.Help)
		return false
	}
	return true
}

// plain reports a handle in a text that must be plain.
func (l *lowering) plain(at place, path diag.Path, what, s string) bool {
	if handle.Plain(s) {
		return true
	}
	text := handle.Strip(s)
	l.report(at, path, "handle-misplaced", text, what+" contains a handle: "+q(text),
		"write it as plain text: it has to be known when the manifest is generated")
	return false
}

// pair is a label or an annotation.
type pair struct {
	at         place
	key, value string
}

// pairs lowers labels or annotations; value is the rule for values, nil for any.
func (l *lowering) pairs(path diag.Path, list []pair, value *rule) map[string]string {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]string, len(list))
	for _, p := range list {
		at := path.Key(handle.Strip(p.key))
		l.check(p.at, at, metaKey, "a key", p.key)
		what := "the value of " + q(handle.Strip(p.key))
		if value != nil && p.value != "" {
			l.check(p.at, at, *value, what, p.value)
		} else if l.plain(p.at, at, what, p.value) {
			l.put(at, p.at)
		}
		m[p.key] = p.value
	}
	return m
}

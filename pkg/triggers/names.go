package triggers

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/callsite"
	"github.com/tekwright/tekwright/internal/handle"
	"github.com/tekwright/tekwright/internal/naming"
	"github.com/tekwright/tekwright/pkg/diag"
)

// nameForm is the syntax of a kind of name.
type nameForm = naming.Rule

var (
	dnsName    = naming.DNSName()
	dnsLabel   = naming.DNSLabel()
	objectName = naming.New(brokenName, "a DNS name of at most 63 characters", "use only lower-case letters, digits, - and ., and begin and end with a letter or digit")
	service    = naming.Service()
	secretItem = naming.New(validation.IsConfigMapKey, "a valid key of a Secret", "use only letters, digits, ., _ and -")
	labelKey   = naming.New(validation.IsQualifiedName, "a valid label key", "write prefix/name: letters, digits, -, _ and ., 63 characters at most after the /")
	labelValue = naming.LabelValue()
	paramName  = naming.New(brokenParam, "a valid param name", "use letters, digits, _, - and ., and begin with a letter")
)

// brokenName is the upstream rule for the names of Triggers, bindings and templates.
func brokenName(s string) []string {
	if len(s) > validation.DNS1123LabelMaxLength {
		return []string{"too long"}
	}
	return validation.IsDNS1123Subdomain(s)
}

var paramNames = regexp.MustCompile(`^[_a-zA-Z][_a-zA-Z0-9.-]*$`)

// brokenParam is the upstream rule for NAME in $(tt.params.NAME).
func brokenParam(s string) []string {
	if paramNames.MatchString(s) {
		return nil
	}
	return []string{"no name"}
}

// named reports an invalid name; what describes the name: "the name of the
// listener".
func named(at callsite.Place, about diag.ObjectRef, r nameForm, what, s string) diag.Findings {
	switch {
	case !handle.Plain(s):
		return diag.Findings{finding(at, about, "handle-misplaced", what+" contains a handle: "+quoted(s),
			"write it as plain text: it has to be known when the manifest is generated")}
	case s == "":
		return diag.Findings{finding(at, about, "name-invalid", what+" is empty", "pass one that is not empty")}
	case len(r.Problems(s)) > 0:
		return diag.Findings{finding(at, about, "name-invalid", what+" is "+quoted(s)+", which is not "+r.Form, r.Help)}
	}
	return nil
}

// labels reports invalid labels.
func labels(at callsite.Place, about diag.ObjectRef, what string, m map[string]string) diag.Findings {
	var out diag.Findings
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, named(at, about, labelKey, "a label key of "+what, k)...)
		if m[k] != "" {
			out = append(out, named(at, about, labelValue, "label "+quoted(k)+" of "+what, m[k])...)
		}
	}
	return out
}

// secretKey is a key of a Secret, and the place of the call that set it. The zero
// value means that it is not set.
type secretKey struct {
	at        callsite.Place
	set       bool
	name, key string
}

// findings returns the mistakes in the key; what describes the Secret: "the Secret
// of trigger "x"".
func (k secretKey) findings(about diag.ObjectRef, what string) diag.Findings {
	if !k.set {
		return nil
	}
	return append(named(k.at, about, dnsName, "the name of "+what, k.name), named(k.at, about, secretItem, "the key in "+what, k.key)...)
}

// allowed is a list of names, one of which an event must have, and the place of the
// call that set it.
type allowed struct {
	at     callsite.Place
	names  []string
	faults []fault
}

// add adds the names of one call of a method.
func (a *allowed) add(at callsite.Place, method string, names []string) {
	if f, ok := unusable(at, method, names); ok {
		a.faults = append(a.faults, f)
		return
	}
	if a.at == nil {
		a.at = at
	}
	a.names = append(a.names, names...)
}

// unusable reports whether the names that were passed to a method cannot be used as
// a filter, and returns the mistake. An empty list must not let every event pass.
func unusable(at callsite.Place, method string, names []string) (f fault, ok bool) {
	if len(names) == 0 {
		return fault{at, "filter-empty", method + " has no arguments, so no event can pass",
			"add at least one, or remove " + method}, true
	}
	for _, n := range names {
		switch {
		case n == "":
			return fault{at, "filter-empty", method + " has an empty argument, which matches nothing", "remove it"}, true
		case !handle.Plain(n):
			return fault{at, "handle-misplaced", "an argument of " + method + " contains a handle: " + quoted(n),
				`write it as plain text, or compare fields in a Filter: "body.sender.login == body.repository.owner.login"`}, true
		}
	}
	return fault{}, false
}

// distinct removes equal findings on the same line: a mistake in an event, a
// binding or a template that two triggers share is reported once.
func distinct(fs diag.Findings) diag.Findings {
	type same struct {
		about         diag.ObjectRef
		at            diag.Position
		code, message string
	}
	seen := map[same]bool{}
	var out diag.Findings
	for _, f := range fs {
		k := same{at: f.Position, code: f.Code, message: f.Message}
		if !f.Position.IsValid() {
			k.about = f.Object
		}
		if !seen[k] {
			seen[k] = true
			out = append(out, f)
		}
	}
	return out
}

// reserved lists the words that CEL does not accept as field names.
var reserved = strings.Fields("as break const continue else false for function if import in let loop namespace null package return true var void while")

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

// rule is what a kind of name must look like.
type nameForm = naming.Rule

var (
	dnsName    = naming.DNSName()
	dnsLabel   = naming.DNSLabel()
	service    = naming.Service()
	secretItem = naming.Of(validation.IsConfigMapKey, "a key of a Secret", "use only letters, digits, ., _ and -")
	labelKey   = naming.Of(validation.IsQualifiedName, "a key of a label", "write prefix/name: letters, digits, -, _ and ., 63 characters at most after the /")
	labelValue = naming.LabelValue()
	paramName  = naming.Of(brokenParam, "the name of a param", "use letters, digits, _, - and ., a letter first")
)

var paramNames = regexp.MustCompile(`^[_a-zA-Z][_a-zA-Z0-9.-]*$`)

// brokenParam is upstream's rule for what may stand in $(tt.params.NAME).
func brokenParam(s string) []string {
	if paramNames.MatchString(s) {
		return nil
	}
	return []string{"no name"}
}

// named reports a name that will not do; what says whose it is: the name of
// the listener.
func named(at callsite.Place, about diag.ObjectRef, r nameForm, what, s string) diag.Findings {
	switch {
	case !handle.Plain(s):
		return diag.Findings{finding(at, about, "handle-misplaced", what+" takes no reference: "+quoted(s),
			"write it as plain text: it is fixed when the manifest is generated")}
	case s == "":
		return diag.Findings{finding(at, about, "name-invalid", what+" is empty", r.Help)}
	case len(r.Broken(s)) > 0:
		return diag.Findings{finding(at, about, "name-invalid", what+" is "+quoted(s)+", which is not "+r.Form, r.Help)}
	}
	return nil
}

// labels reports labels that will not do.
func labels(at callsite.Place, about diag.ObjectRef, what string, m map[string]string) diag.Findings {
	var out diag.Findings
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, named(at, about, labelKey, "a label of "+what, k)...)
		if m[k] != "" {
			out = append(out, named(at, about, labelValue, "label "+quoted(k)+" of "+what, m[k])...)
		}
	}
	return out
}

// secretKey is a key of a Secret, and who asked for it; the zero value is none.
type secretKey struct {
	at        callsite.Place
	set       bool
	name, key string
}

// findings are what is wrong with the key; what says what it is for: the
// Secret of trigger "x".
func (k secretKey) findings(about diag.ObjectRef, what string) diag.Findings {
	if !k.set {
		return nil
	}
	return append(named(k.at, about, dnsName, "the name of "+what, k.name), named(k.at, about, secretItem, "the key in "+what, k.key)...)
}

// allowed are names of which one must be an event's, and who asked for them.
type allowed struct {
	at     callsite.Place
	names  []string
	faults []fault
}

// add takes the names of one call of a method.
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

// unusable says why nothing can be compared with the names that a method was
// given; ok is false if all is well. A list that turned out empty must not let
// everything pass.
func unusable(at callsite.Place, method string, names []string) (f fault, ok bool) {
	if len(names) == 0 {
		return fault{at, "filter-empty", method + " is given nothing, so that no event could pass",
			"name what may pass, or leave " + method + " out"}, true
	}
	for _, n := range names {
		switch {
		case n == "":
			return fault{at, "filter-empty", method + " is given an empty name, which nothing has", "leave it out"}, true
		case !handle.Plain(n):
			return fault{at, "handle-misplaced", method + " takes no reference: " + quoted(n),
				`write it as plain text, or compare fields in a Filter: "body.sender.login == body.repository.owner.login"`}, true
		}
	}
	return fault{}, false
}

// distinct drops findings that say the same of the same line: an event, a
// binding or a template that two triggers share is wrong once.
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

// reserved are words that CEL does not take as the name of a field.
var reserved = strings.Fields("as break const continue else false for function if import in let loop namespace null package return true var void while")

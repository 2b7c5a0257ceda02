package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/suggest"
	"github.com/tekwright/tekwright/internal/tekref"
)

// ResolverParams are the params of one of Tekton's own resolvers.
type ResolverParams struct{ Required, Optional []string }

// All returns the names of all params.
func (r ResolverParams) All() []string { return slices.Concat(r.Required, r.Optional) }

// resolvers are Tekton's own resolvers, with their params.
var resolvers = map[string]ResolverParams{
	"git":     {[]string{"pathInRepo"}, []string{"revision", "url", "repo", "org", "token", "tokenKey", "gitToken", "gitTokenKey", "serverURL", "scmType", "configKey", "cache"}},
	"hub":     {[]string{"name", "version"}, []string{"kind", "type", "catalog", "url"}},
	"bundles": {[]string{"bundle", "name"}, []string{"kind", "secret", "serviceAccount", "cache"}},
	"cluster": {[]string{"name"}, []string{"kind", "namespace", "cache"}},
	"http":    {[]string{"url"}, []string{"http-username", "http-password-secret", "http-password-secret-key", "digest"}},
}

// ResolverNames returns the names of Tekton's own resolvers, sorted.
func ResolverNames() []string { return sortedKeys(resolvers) }

// Known returns the params of the resolver, if it is one of Tekton's own and the
// reference has no name.
func (r *Ref) Known() (ResolverParams, bool) {
	known, ok := resolvers[r.Resolver]
	return known, ok && r.Name == ""
}

// Meant returns the required param that a name was most likely meant to be, if the
// resolver does not get that param otherwise; "" if there is none.
func (r *Ref) Meant(name string) string {
	known, ok := r.Known()
	if !ok || slices.Contains(known.All(), name) {
		return ""
	}
	near := suggest.Name(name, known.Required)
	if r.Resolver == "git" && (name == "path" || name == "file") {
		near = "pathInRepo"
	}
	if near == "" || slices.ContainsFunc(r.Params, func(p v1.Param) bool { return p.Name == near }) {
		return ""
	}
	return near
}

// Given is what is known about the value of a resolver param.
type Given int

// The states of a param.
const (
	Absent  Given = iota // it is not set, or set to an empty text
	Perhaps              // it is set to variables, which may be empty
	Present              // it is not empty
)

// Given reports whether the resolver gets a value for a param. Of two with the same
// name, resolvers read the last.
func (r *Ref) Given(name string) Given {
	for i := range slices.Backward(r.Params) {
		if r.Params[i].Name != name {
			continue
		}
		switch v := &r.Params[i].Value; {
		case ValueKind(v) != v1.ParamTypeString || v.StringVal == "": // resolvers read strings only
			return Absent
		case tekref.Contains(v.StringVal) && tekref.Replace(v.StringVal, func(tekref.Match) string { return "" }) == "":
			return Perhaps
		}
		return Present
	}
	return Absent
}

// Has reports whether the param is set, perhaps to an empty text.
func (r *Ref) Has(name string) bool {
	return slices.ContainsFunc(r.Params, func(p v1.Param) bool { return p.Name == name })
}

// Unset reports whether a param has no value at all.
func (r *Ref) Unset(name string) bool {
	return slices.ContainsFunc(r.Params, func(p v1.Param) bool { return p.Name == name && IsUnset(&p.Value) })
}

// Value returns the literal value of a param; "" if it has none, or one with
// variables.
func (r *Ref) Value(name string) string {
	for i := range slices.Backward(r.Params) {
		if v := &r.Params[i].Value; r.Params[i].Name == name && ValueKind(v) == v1.ParamTypeString && !tekref.Contains(v.StringVal) {
			return v.StringVal
		}
	}
	return ""
}

// ResolverKinds returns the words for kinds of objects in the param kind of
// resolvers.
func ResolverKinds() []string { return []string{"task", "pipeline", "stepaction"} }

// setByRun reports whether a param is set to a param to which the run itself gives a value
// that is not empty, or to one of the template that creates the run, without a default that
// is empty.
func (r *Ref) setByRun(name string) bool {
	i := slices.IndexFunc(r.Params, func(p v1.Param) bool { return p.Name == name })
	e := r.Spot.Entry
	if i < 0 || e == nil || e.Run == nil && e.TaskRun == nil {
		return false
	}
	value := r.Params[i].Value.StringVal
	if v, ok := Alone(value); ok && v.Kind == tekref.Param && v.Whole() {
		p := e.values().Own(v.Name)
		if p == nil || p.Type != v1.ParamTypeString || p.Default.StringVal == "" {
			return false
		}
		if value = p.Default.StringVal; !tekref.Contains(value) {
			return true
		}
	}
	names := tekref.TemplateParams(value)
	b := e.Body()
	if len(names) != 1 || b == nil || value != tekref.Text(tekref.TemplatePrefix+names[0]) {
		return false
	}
	return !b.Template.mayBeEmpty(names[0])
}

// mayBeEmpty reports whether a param has an empty default, or is not declared.
func (t *Template) mayBeEmpty(name string) bool {
	i := t.declared().index(name)
	return i < 0 || t.Spec.Params[i].Default != nil && *t.Spec.Params[i].Default == ""
}

// Unread is a param that a resolver does not read because of its other params.
type Unread struct {
	Name    string
	Because string // the reason, for sentences: with url
	Instead string // the param that is read; "" if there is none
	Needs   string // the param without which it is not read; "" if it is not read at all
}

// Unread returns the params that the resolver does not read next to the others,
// although it has them. It leaves out those of which this is not known. The git
// resolver clones the repository if it gets a url, also that of its configuration,
// and otherwise uses the API of the server.
func (r *Ref) Unread() []Unread {
	if _, ok := r.Known(); !ok {
		return nil
	}
	given := r.Given
	var out []Unread
	add := func(list ...Unread) {
		for _, u := range list {
			if given(u.Name) == Present || r.setByRun(u.Name) {
				out = append(out, u)
			}
		}
	}
	alone := func(name, needs string) {
		if given(needs) == Absent && !slices.ContainsFunc(out, func(u Unread) bool { return u.Name == name }) {
			add(Unread{Name: name, Because: "without " + needs, Needs: needs})
		}
	}
	switch r.Resolver {
	case "git":
		switch url, repo := given("url"), given("repo"); {
		case repo == Absent:
			because := "with url"
			if url == Absent {
				because = "without repo"
			}
			add(Unread{Name: "token", Because: because, Instead: "gitToken"}, Unread{Name: "tokenKey", Because: because, Instead: "gitTokenKey"},
				Unread{Name: "scmType", Because: because}, Unread{Name: "serverURL", Because: because}, Unread{Name: "org", Because: because})
		case repo == Present && url == Absent:
			add(Unread{Name: "gitToken", Because: "with repo", Instead: "token"}, Unread{Name: "gitTokenKey", Because: "with repo", Instead: "tokenKey"})
		}
		alone("tokenKey", "token")
		alone("gitTokenKey", "gitToken")
	case "http":
		alone("http-password-secret-key", "http-password-secret")
	}
	return out
}

// DefaultKind returns the kind of object that the resolver fetches without its
// param kind in a cluster with the default configuration; "" for a resolver without
// that param.
func (r *Ref) DefaultKind() string {
	if known, ok := r.Known(); ok && slices.Contains(known.Optional, "kind") {
		return "task"
	}
	return ""
}

// KindWord returns the word for the kind of the referenced object in the param kind
// of resolvers.
func (r *Ref) KindWord() string { return strings.ToLower(r.Kind) }

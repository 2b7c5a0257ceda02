package objects

import (
	_ "embed"
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/internal/tekref"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed resolver-invalid.md
var resolverInvalidText string

var resolverInvalid = &rule.Rule{
	Code:     "resolver-invalid",
	Severity: diag.Error,
	Topic:    "objects",
	Text:     resolverInvalidText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {

		refs := p.Entry.Refs()
		for i := range refs {
			if known, ok := refs[i].Known(); ok {
				resolverParams(p, &refs[i], known)
			}
		}
	},
}

// resolverParams checks the params of one of Tekton's own resolvers.
func resolverParams(p *rule.Pass, r *facts.Ref, known facts.ResolverParams) {
	at, seen := r.Spot.Field("params"), map[string]bool{}
	for i := range r.Params {
		v, s := &r.Params[i], r.Spot.Index("params", i)
		seen[v.Name] = true
		if near := r.Meant(v.Name); near != "" {
			seen[near] = true // reported here
			p.Error(s.Field("name"), near, "the "+r.Resolver+" resolver needs param "+phrase.Quote(near)+", and has no param "+phrase.Quote(v.Name), "did you mean "+phrase.Quote(near)+"?")
			continue
		}
		if why := badValue(r.Resolver, v); why != "" {
			p.Error(s.Field("value"), v.Name, "param "+phrase.Quote(v.Name)+" of the "+r.Resolver+" resolver "+why, "")
		}
	}
	for _, name := range known.Required {
		if !seen[name] {
			p.Error(at, name, "the "+r.Resolver+" resolver needs param "+phrase.Quote(name), "add the param to the resolver")
		}
	}
	switch {
	case r.Resolver == "git" && seen["url"] && seen["repo"]:
		p.Error(at, "url", "the git resolver gets both url and repo", "remove one of them")
	case r.Resolver == "git" && !seen["url"] && !seen["repo"]:
		p.Warning(at, "url", "the git resolver gets neither url nor repo, so it depends on the default of the cluster", "set url")
	case r.Resolver == "http" && seen["http-username"] != seen["http-password-secret"]:
		p.Error(at, "http-username", "the http resolver needs http-username and http-password-secret together", "set both or neither")
	}
}

// badValue returns what is wrong with a literal value; "" if it is valid.
func badValue(resolver string, p *v1.Param) string {
	v := p.Value.StringVal
	if v == "" || tekref.Contains(v) {
		return ""
	}
	switch resolver + "." + p.Name {
	case "git.revision":
		if strings.HasPrefix(v, "-") {
			return "must not begin with -"
		}
	case "git.pathInRepo":
		if slices.Contains(strings.Split(v, "/"), "..") {
			return "must not contain .. as a path element"
		}
	case "git.url":
		scheme, _, ok := strings.Cut(v, "://")
		scp := strings.Contains(v, "@") && strings.Contains(v[strings.Index(v, "@"):], ":")
		if !scp && (!ok || !slices.Contains([]string{"git", "ssh", "ftp", "ftps", "http", "https"}, scheme)) {
			return "is not the URL of a repository"
		}
	case "http.url":
		if !strings.HasPrefix(v, "http://") && !strings.HasPrefix(v, "https://") {
			return "must begin with http:// or https://"
		}
	case "hub.type":
		if v != "artifact" && v != "tekton" {
			return "must be artifact or tekton"
		}
	}
	return ""
}

package check

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/tekref"
)

// resolvers are Tekton's own, with their params.
var resolvers = map[string]struct{ required, optional []string }{
	"git":     {[]string{"pathInRepo"}, []string{"revision", "url", "repo", "org", "token", "tokenKey", "gitToken", "gitTokenKey", "serverURL", "scmType", "configKey", "cache"}},
	"hub":     {[]string{"name", "version"}, []string{"kind", "type", "catalog", "url"}},
	"bundles": {[]string{"bundle", "name"}, []string{"kind", "secret", "serviceAccount", "cache"}},
	"cluster": {[]string{"name"}, []string{"kind", "namespace", "cache"}},
	"http":    {[]string{"url"}, []string{"http-username", "http-password-secret", "http-password-secret-key", "digest", "cache"}},
}

// ref checks the form of a reference to a Task, a Pipeline or a StepAction,
// and reports whether it names an object that may be in the set.
func (c *checker) ref(s spot, subject, label string, name string, resolver v1.ResolverName, params v1.Params) bool {
	switch {
	case resolver != "" || params != nil:
		c.resolver(s, string(resolver), params, name)
	case name == "":
		c.fail(s.field("name"), "ref-invalid", subject, label+" has no name", "set name, or resolver")
	case urlLike(name):
		c.gate(s.field("name"), "enable-concise-resolver-syntax", "a URL as the name of a ref")
		c.fail(s.field("resolver"), "ref-invalid", name, label+" names a URL without a resolver", "set resolver")
	case ofTemplate(name):
	case tekref.Contains(name):
		c.fail(s.field("name"), "ref-invalid", name, label+" takes its name from "+q(name)+", which Tekton refuses", "write the name out, or use a resolver, whose params may hold references")
	case len(validation.IsQualifiedName(name)) > 0:
		c.fail(s.field("name"), "ref-invalid", name, label+" names "+q(name)+", which no object can be called", dnsHelp)
	default:
		return true
	}
	return false
}

// urlLike reports whether Tekton takes the name of a ref for a URL.
func urlLike(name string) bool {
	i := strings.Index(name, ":/")
	return i > 0 && (tekref.IsNameRune(rune(name[i-1])) && name[i-1] != '.')
}

// ofTemplate reports whether a text holds a param of a TriggerTemplate, so
// that its final form is not known.
func ofTemplate(s string) bool { return strings.Contains(s, "$(tt.") }

// resolver checks a remote reference: row 65. Resolvers that are not Tekton's
// are not known, and so are fine.
func (c *checker) resolver(s spot, name string, params v1.Params, refName string) {
	if params != nil {
		c.level(s.field("params"), "beta", "a resolver's params")
	}
	if name == "" {
		c.fail(s.field("resolver"), "ref-invalid", "", "this ref has params but no resolver", "set resolver")
	} else {
		c.level(s.field("resolver"), "beta", "a resolver")
	}
	switch {
	case refName == "":
	case !urlLike(refName) && name == "":
		c.fail(s.field("name"), "ref-invalid", refName, "this ref has both a name and params", "drop the params, or name a resolver instead of an object")
	case !urlLike(refName):
		c.fail(s.field("name"), "ref-invalid", refName, "this ref has both a name and a resolver", "drop one of them")
	case params != nil:
		c.fail(s.field("name"), "ref-invalid", refName, "this ref has both a URL as its name and params", "drop one of them")
	default:
		c.gate(s.field("name"), "enable-concise-resolver-syntax", "a URL as the name of a ref")
	}
	given := map[string]int{}
	for i := range params {
		folded := strings.ToLower(params[i].Name)
		if first, ok := given[folded]; ok {
			c.fail(s.index("params", i).field("name"), "param-duplicate", params[i].Name, "param "+q(params[i].Name)+" of the resolver is set twice", "drop one of them",
				s.index("params", first).related("the other one"))
			continue
		}
		given[folded] = i
	}
	if name == "" || refName != "" {
		return
	}
	known, ok := resolvers[name]
	if !ok {
		if near := nearest(name, sortedKeys(resolvers)); near != "" {
			c.warn(s.field("resolver"), "resolver-unknown", name, "the resolver "+q(name)+" is none of Tekton's", "did you mean "+q(near)+"?")
		}
		return
	}
	seen := map[string]bool{}
	all := append(slices.Clone(known.required), known.optional...)
	for i := range params {
		p, ps := &params[i], s.index("params", i)
		seen[p.Name] = true
		if !slices.Contains(all, p.Name) {
			if near := nearest(p.Name, known.required); near != "" && !isGiven(params, near) {
				seen[near] = true // told here
				c.fail(ps.field("name"), "resolver-invalid", near, "the "+name+" resolver lacks param "+q(near)+", and has none "+q(p.Name), "did you mean "+q(near)+"?")
				continue
			}
			c.warn(ps.field("name"), "param-extra", p.Name, "the "+name+" resolver has no param "+q(p.Name)+", so it is ignored", oneOf(p.Name, all))
		}
		if why := badResolverValue(name, p); why != "" {
			c.fail(ps.field("value"), "resolver-invalid", p.Name, "param "+q(p.Name)+" of the "+name+" resolver "+why, "")
		}
	}
	for _, r := range known.required {
		if !seen[r] {
			c.fail(s.field("params"), "resolver-invalid", r, "the "+name+" resolver lacks param "+q(r), "add it")
		}
	}
	if name == "git" {
		switch {
		case seen["url"] && seen["repo"]:
			c.fail(s.field("params"), "resolver-invalid", "url", "the git resolver has both url and repo", "keep one of them")
		case !seen["url"] && !seen["repo"]:
			c.warn(s.field("params"), "resolver-invalid", "url", "the git resolver has neither url nor repo: it depends on the default of the cluster", "set url")
		}
	}
	if name == "http" && seen["http-username"] != seen["http-password-secret"] {
		c.fail(s.field("params"), "resolver-invalid", "http-username", "the http resolver needs http-username and http-password-secret together", "set both or none")
	}
}

// isGiven reports whether there is a param of that name.
func isGiven(params v1.Params, name string) bool {
	return slices.ContainsFunc(params, func(p v1.Param) bool { return p.Name == name })
}

// badResolverValue says what is wrong with a literal value.
func badResolverValue(resolver string, p *v1.Param) string {
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
			return "must not hold .. as a folder"
		}
	case "git.url":
		scheme, _, ok := strings.Cut(v, "://")
		scp := strings.Contains(v, "@") && strings.Contains(v[strings.Index(v, "@"):], ":")
		if !scp && (!ok || !slices.Contains([]string{"git", "ssh", "ftp", "ftps", "http", "https"}, scheme)) {
			return "is no URL of a repository"
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

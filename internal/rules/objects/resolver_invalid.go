package objects

import (
	_ "embed"
	"net/url"
	"regexp"
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
	at, meant := r.Spot.Field("params"), map[string]bool{}
	for i := range r.Params {
		v, s := &r.Params[i], r.Spot.Index("params", i)
		if near := r.Meant(v.Name); near != "" {
			meant[near] = true // reported here
			p.Error(s.Field("name"), near, "the "+r.Resolver+" resolver needs param "+phrase.Quote(near)+", and has no param "+phrase.Quote(v.Name), "rename "+phrase.Quote(v.Name)+" to "+phrase.Quote(near))
			continue
		}
		if why, help := badValue(r, v); why != "" {
			p.Error(s.Field("value"), v.Name, "param "+phrase.Quote(v.Name)+" of the "+r.Resolver+" resolver "+why, help)
		}
	}
	for _, name := range known.Required {
		switch {
		case meant[name]:
		case !r.Has(name):
			p.Error(at, name, "the "+r.Resolver+" resolver needs param "+phrase.Quote(name), "add the param to the resolver")
		case r.Given(name) == facts.Absent && !r.Unset(name):
			p.Error(at, name, "the "+r.Resolver+" resolver needs param "+phrase.Quote(name)+", but its value is empty", "set its value")
		}
	}
	kindParam(p, r, at)
	switch r.Resolver {
	case "cluster":
		if !r.Has("namespace") || r.Given("namespace") == facts.Absent && !r.Unset("namespace") {
			p.Note(at, "namespace", "the cluster resolver gets no namespace, so it depends on the default of the cluster", "set namespace")
		}
	case "git":
		gitParams(p, r, at)
	case "http":
		if r.Has("http-username") != r.Has("http-password-secret") {
			p.Error(at, "http-username", "the http resolver needs http-username and http-password-secret together", "set both or neither")
		}
	case "hub":
		switch {
		case !r.Has("catalog") && r.Value("type") == "artifact" && r.Value("kind") == "stepaction":
			p.Error(at, "catalog", "the hub resolver has no default catalog for StepActions of Artifact Hub", "set catalog")
		case r.Value("type") == "tekton" && r.Given("url") == facts.Absent:
			p.Warning(at, "type", `the hub resolver gets type "tekton" and no url, so it depends on the configuration of the cluster`, "set url, or use Artifact Hub")
		}
	}
}

// gitParams checks which repository the git resolver gets.
func gitParams(p *rule.Pass, r *facts.Ref, at facts.Spot) {
	switch url, repo := r.Given("url"), r.Given("repo"); {
	case url == facts.Present && repo == facts.Present:
		p.Error(at, "url", "the git resolver gets both url and repo", "remove one of them")
	case url == facts.Absent && repo == facts.Absent:
		p.Warning(at, "url", "the git resolver gets neither url nor repo, so it depends on the default of the cluster", "set url")
	case url != facts.Absent || repo != facts.Present || r.Has("configKey"):
	case !r.Has("org"):
		p.Warning(at, "org", "the git resolver gets repo without org, so it depends on the default of the cluster", "set org")
	case r.Given("serverURL") == facts.Present && r.Given("token") == facts.Absent:
		p.Warning(at, "serverURL", "the git resolver gets serverURL without token, so it fetches nothing unless the cluster has the same server as its default",
			"set token to the name of a Secret for this server")
	}
}

// kindParam checks that a resolver fetches an object of the kind that the reference
// needs.
func kindParam(p *rule.Pass, r *facts.Ref, at facts.Spot) {
	def, word := r.DefaultKind(), r.KindWord()
	if def == "" {
		return
	}
	kind := r.Value("kind")
	if r.Resolver == "bundles" {
		kind = strings.ToLower(kind)
	}
	if r.Given("kind") == facts.Absent && !r.Has("kind") {
		if word != def {
			p.Warning(at, "kind", "the "+r.Resolver+" resolver gets no kind and fetches a Task by default, but "+r.Label+" needs a "+r.Kind, "set kind to "+word)
		}
		return
	}
	if kind != word && slices.Contains(facts.ResolverKinds(), kind) {
		p.Error(at, "kind", "the "+r.Resolver+" resolver gets kind "+phrase.Quote(r.Value("kind"))+", but "+r.Label+" needs a "+r.Kind, "set kind to "+word)
	}
}

// digest is a digest as the http resolver compares it.
var digest = regexp.MustCompile("^(sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128})$")

// gitURL is the pattern of the git resolver for a url.
var gitURL = regexp.MustCompile("^([^@]+@[^:]+|(git|ssh|ftps?|https?)://)")

// badValue returns what is wrong with a literal value of a resolver param, and the
// help; "" if it is valid.
func badValue(r *facts.Ref, p *v1.Param) (why, help string) {
	v := p.Value.StringVal
	if tekref.Contains(v) || facts.IsUnset(&p.Value) {
		return "", ""
	}
	if p.Name == "cache" && v != "" {
		return oneOf(v, []string{"always", "never", "auto"})
	}
	switch r.Resolver + "." + p.Name {
	case "git.revision":
		if strings.HasPrefix(v, "-") {
			return "must not begin with -", ""
		}
	case "git.pathInRepo":
		if slices.Contains(strings.Split(v, "/"), "..") {
			return "must not contain .. as a path element", ""
		}
	case "git.url":
		if v != "" && r.Given("repo") == facts.Absent && r.Given("org") == facts.Absent && !gitURL.MatchString(v) {
			return "is " + phrase.Quote(v) + ", which is not the URL of a repository", "begin it with https:// or ssh://, or write user@host:path"
		}
	case "http.url", "hub.url":
		if v != "" && !isWebAddress(v) {
			return "must begin with http:// or https:// and a host", ""
		}
	case "http.digest":
		if !digest.MatchString(v) {
			return "is not a digest", "write sha256: and 64 hexadecimal digits, or sha512: and 128"
		}
	case "http.http-username", "http.http-password-secret":
		if v == "" {
			return "is empty", "set its value, or remove it"
		}
	case "hub.type":
		return oneOf(v, []string{"artifact", "tekton"})
	case "hub.kind":
		return oneOf(v, facts.ResolverKinds())
	case "cluster.kind":
		if v != "" {
			return oneOf(v, facts.ResolverKinds())
		}
	case "cluster.namespace":
		if v != "" && strings.TrimSpace(v) == "" {
			return "is empty", "set the namespace"
		}
	case "bundles.kind":
		if single, plural := strings.CutSuffix(strings.ToLower(v), "s"); plural {
			return "must be in the singular", "did you mean " + phrase.Quote(single) + "?"
		}
	}
	return "", ""
}

// oneOf returns what is wrong with a word that must be one of words, in their
// spelling.
func oneOf(v string, words []string) (why, help string) {
	if slices.Contains(words, v) {
		return "", ""
	}
	if i := slices.IndexFunc(words, func(w string) bool { return strings.EqualFold(w, v) }); i >= 0 {
		return "must be in lower case", "write " + words[i]
	}
	return "must be " + phrase.Or(words), phrase.OneOf(v, words)
}

// isWebAddress reports whether v is an absolute http or https URL.
func isWebAddress(v string) bool {
	u, err := url.ParseRequestURI(v)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

package bind

import (
	"errors"
	"fmt"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
)

// By says how what is bound gets into a run.
type By string

// The ways: brought along, by name in the cluster, and fetched by a resolver of Tekton.
const (
	Local    By = "local"
	Existing By = "existing"
	Resolver By = "resolver"
)

// Usual returns how what a source has gets into a run if the user does not say it.
func (s Source) Usual() By {
	if s.Scheme == File {
		return Local
	}
	return Resolver
}

// resolver returns the name and the params of the resolver that fetches an object of the
// source. resolved is the commit or the digest that takes the place of the revision or the
// tag, "" to keep these.
func (s Source) resolver(object, file, resolved string) (v1.ResolverName, v1.Params, error) {
	params := func(pairs ...string) v1.Params {
		var out v1.Params
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, v1.Param{Name: pairs[i], Value: *v1.NewStructuredValues(pairs[i+1])})
		}
		return out
	}
	switch s.Scheme {
	case Git:
		if strings.HasPrefix(s.URL, "file:") || strings.HasPrefix(s.URL, "http:") {
			return "", nil, errors.New("no resolver of Tekton fetches " + s.String() + "\n  help: pass --by local or --by existing, or the place from which Tekton fetches it with --like")
		}
		revision := s.Revision
		if resolved != "" {
			revision = resolved
		}
		return "git", params("url", s.URL, "revision", revision, "pathInRepo", file), nil
	case Bundle:
		return "bundles", params("bundle", s.pinned(resolved), "name", object), nil
	case Hub:
		p := params("name", s.Name, "version", s.Version)
		if s.Catalog != "" {
			p = append(p, params("catalog", s.Catalog)...)
		}
		if s.TektonHub {
			p = append(p, params("type", "tekton")...)
		}
		return "hub", p, nil
	case Cluster:
		return "cluster", params("namespace", s.Namespace, "name", object), nil
	case HTTP:
		if s.query != "" || s.password != nil {
			return "", nil, fmt.Errorf("no resolver of Tekton fetches %s without the password in its URL, which reaches no file\n  help: pass --by local or --by existing", s)
		}
		return "http", params("url", s.URL), nil
	}
	return "", nil, fmt.Errorf("no resolver of Tekton fetches the file %s when a run starts\n  help: pass --by local or --by existing, or the place from which Tekton fetches it with --like", s)
}

// AddressOf returns the source, as people write it, from which a resolver of Tekton fetches a
// Task with the params; "" if a param is decided later, or if it is not read from elsewhere.
// Only sources of a network are among them: params are often those of a stranger.
func AddressOf(resolver v1.ResolverName, params v1.Params) string {
	of := map[string]string{}
	for _, p := range params {
		if p.Value.Type != v1.ParamTypeString || strings.Contains(p.Value.StringVal, "$(") || strings.Contains(p.Value.StringVal, "{{") {
			return ""
		}
		of[p.Name] = p.Value.StringVal
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if of[n] == "" {
				return false
			}
		}
		return true
	}
	if kind := of["kind"]; kind != "" && !strings.EqualFold(kind, "task") {
		return ""
	}
	switch resolver {
	case "git":
		if has("url", "revision", "pathInRepo") && strings.HasPrefix(of["url"], "https://") {
			return "git+" + of["url"] + "@" + of["revision"] + ":" + strings.TrimPrefix(of["pathInRepo"], "/")
		}
	case "bundles":
		if has("bundle", "name") {
			return "bundle://" + of["bundle"] + "#" + of["name"]
		}
	case "cluster":
		if has("namespace", "name") {
			return "cluster://" + of["namespace"] + "/" + of["name"]
		}
	case "http":
		if strings.HasPrefix(of["url"], "https://") {
			return of["url"]
		}
	case "hub":
		if !has("name", "version") {
			return ""
		}
		address := of["name"] + "@" + of["version"]
		if of["catalog"] != "" {
			address = of["catalog"] + "/" + address
		}
		if of["type"] == "tekton" {
			address += "?type=tekton"
		}
		return "hub://" + address
	}
	return ""
}

// Shown returns an address without what may be a password.
func Shown(address string) string { return strings.Trim(shown(address), `"`) }

// pinned returns the image with a digest. The tag stays, for who reads it: Tekton ignores it.
func (s Source) pinned(digest string) string {
	if digest == "" || strings.Contains(s.Image, "@") {
		return s.Image
	}
	return s.Image + "@" + digest
}

// Like is a source for the params of a resolver, in which {name} is the name of an object
// and {path} the path of its file in the folder that it was read from.
type Like string

// of returns the source for an object.
func (l Like) of(name, file string) (Source, error) {
	s, err := Parse(strings.NewReplacer("{name}", name, "{path}", file).Replace(string(l)))
	if err != nil {
		return Source{}, err
	}
	if s.Scheme == File {
		return Source{}, fmt.Errorf("--like %s is a file, and Tekton fetches no files", s)
	}
	return s, nil
}

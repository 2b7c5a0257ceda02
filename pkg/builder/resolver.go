package builder

import "slices"

// Resolver describes where Tekton fetches a Task, a Pipeline or a StepAction from when a
// run starts: the name of a resolver and its params.
type Resolver struct {
	at     place
	name   string
	params []resolverParam
}

type resolverParam struct {
	name   string
	kind   kind
	str    String
	array  Array
	object Object
}

// NewResolver returns a resolver with the given name, for a resolver that is not part of
// Tekton. [Resolver.With] sets its params.
//
//	t.From(builder.NewResolver("vault").With("path", "ci/tasks/notify"))
func NewResolver(name string) Resolver { return Resolver{name: name} }

// Git returns the git resolver, which fetches a file from a Git repository. The
// revision is a branch, a tag or a commit; path is the path in the repository.
func Git(url, revision, path String) Resolver {
	return Resolver{name: "git"}.With("url", url).With("revision", revision).With("pathInRepo", path)
}

// Hub returns the hub resolver, which fetches a version of a Task or a StepAction from
// Artifact Hub.
func Hub(name, version String) Resolver {
	return Resolver{name: "hub"}.With("name", name).With("version", version)
}

// Bundle returns the bundles resolver, which fetches a Task or a StepAction by name from
// a Tekton bundle, an OCI image.
func Bundle(image, name String) Resolver {
	return Resolver{name: "bundles"}.With("bundle", image).With("name", name)
}

// Cluster returns the cluster resolver, which fetches a Task or a StepAction by name
// from a namespace of the same cluster.
func Cluster(namespace, name String) Resolver {
	return Resolver{name: "cluster"}.With("namespace", namespace).With("name", name)
}

// HTTP returns the http resolver, which fetches a file from an http or https URL.
func HTTP(url String) Resolver { return Resolver{name: "http"}.With("url", url) }

// of returns the resolver with the param kind, if it has one and fetches a Task
// without it.
func (r Resolver) of(kind string) Resolver {
	switch r.name {
	case "hub", "bundles", "cluster":
		if !slices.ContainsFunc(r.params, func(p resolverParam) bool { return p.name == "kind" }) {
			return r.With("kind", String(kind))
		}
	}
	return r
}

// With returns a copy of the resolver with a param added or replaced, such as
// the name of a secret, a catalog or a kind.
func (r Resolver) With(param string, v String) Resolver {
	return r.with(resolverParam{name: param, kind: stringKind, str: v})
}

// WithArray is like [Resolver.With], for a param that is an array.
func (r Resolver) WithArray(param string, v Array) Resolver {
	return r.with(resolverParam{name: param, kind: arrayKind, array: v})
}

// WithObject is like [Resolver.With], for a param that is an object.
func (r Resolver) WithObject(param string, v Object) Resolver {
	return r.with(resolverParam{name: param, kind: objectKind, object: v})
}

// WithTaskString is like [Resolver.With], for a value of the task that uses a
// StepAction, such as an input of it:
//
//	revision := t.Param("revision", b.Revision)
//	builder.AddStepAction(t, "lint", Lint{From: builder.Git(url, "", "lint.yaml").WithTaskString("revision", revision)})
func (r Resolver) WithTaskString(param string, v TaskString) Resolver {
	return r.With(param, String(v))
}

func (r Resolver) with(added resolverParam) Resolver {
	param := added.name
	params := make([]resolverParam, 0, len(r.params)+1)
	for _, p := range r.params {
		if p.name != param {
			params = append(params, p)
		}
	}
	r.params = append(params, added)
	return r
}

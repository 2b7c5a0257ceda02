package builder

// Resolver says where Tekton fetches a Task or a StepAction from when a run
// starts (taskRef.resolver and its params).
type Resolver struct {
	at     place
	name   string
	params []resolverParam
}

type resolverParam struct {
	name string
	v    String
}

// Git fetches a file of a git repository: a URL, a branch, tag or commit, and
// the path in the repository.
func Git(url, revision, path String) Resolver {
	return Resolver{name: "git"}.With("url", url).With("revision", revision).With("pathInRepo", path)
}

// Hub fetches a version of a Task from the Artifact Hub.
func Hub(name, version String) Resolver {
	return Resolver{name: "hub"}.With("name", name).With("version", version)
}

// Bundle fetches a Task by name from a Tekton bundle, an OCI image.
func Bundle(image, name String) Resolver {
	return Resolver{name: "bundles"}.With("bundle", image).With("name", name)
}

// Cluster fetches a Task by name from a namespace of the same cluster.
func Cluster(namespace, name String) Resolver {
	return Resolver{name: "cluster"}.With("namespace", namespace).With("name", name)
}

// HTTP fetches a file from an http or https URL.
func HTTP(url String) Resolver { return Resolver{name: "http"}.With("url", url) }

// With adds a param of the resolver, or changes one: a secret's name, a
// catalog, a kind.
func (r Resolver) With(param string, v String) Resolver {
	params := make([]resolverParam, 0, len(r.params)+1)
	for _, p := range r.params {
		if p.name != param {
			params = append(params, p)
		}
	}
	r.params = append(params, resolverParam{param, v})
	return r
}

// Package fetch reads the sources of package bind that are not files: it is the only part of
// the command bind that uses a network, and starts git.
package fetch

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"k8s.io/client-go/dynamic"

	"github.com/tekwright/tekwright/internal/bind"
	"github.com/tekwright/tekwright/internal/revision"
)

// Fetcher reads sources.
type Fetcher struct {
	// Env returns the value of an environment variable. ARTIFACT_HUB_API and TEKTON_HUB_API are
	// the addresses of hubs, as for Tekton's own resolver.
	Env func(name string) string
	// Cluster returns a client of the cluster.
	Cluster func() (dynamic.Interface, error)
	// Transport is the base of all connections, nil for the usual one.
	Transport http.RoundTripper
}

// Fetch reads a source.
func (f *Fetcher) Fetch(ctx context.Context, s bind.Source) (bind.Fetched, error) {
	switch s.Scheme {
	case bind.Git:
		return f.git(ctx, s)
	case bind.Bundle:
		return f.bundle(ctx, s)
	case bind.Hub:
		return f.hub(ctx, s)
	case bind.Cluster:
		return f.cluster(ctx, s)
	case bind.HTTP:
		text, err := f.get(ctx, s.Address(), s.Password())
		return bind.Fetched{Files: []bind.Text{{Bytes: text}}}, err
	}
	return bind.Fetched{}, fmt.Errorf("%s is not fetched", s)
}

// Resolve returns the commit or the digest of a source, "" if it has neither.
func (f *Fetcher) Resolve(ctx context.Context, s bind.Source) (string, error) {
	if s.Scheme != bind.Git && s.Scheme != bind.Bundle {
		return "", nil
	}
	got, err := f.Fetch(ctx, s)
	return got.Resolved, err
}

// git fetches a revision into a temporary directory.
func (f *Fetcher) git(ctx context.Context, s bind.Source) (got bind.Fetched, err error) {
	dir, err := os.MkdirTemp("", "tekwright-")
	if err != nil {
		return got, err
	}
	defer os.RemoveAll(dir)
	r, commit, err := revision.Fetch(ctx, dir, revision.Elsewhere{URL: s.URL, Revision: s.Revision, User: s.Password()})
	if err != nil {
		return got, err
	}
	files, folder, err := r.Files(ctx, commit, s.Path, bind.MaxBytes, bind.MaxTotal, bind.IsYAML)
	if err != nil {
		return got, err
	}
	got.Resolved, got.Folder = commit, folder
	for _, b := range files {
		got.Files = append(got.Files, bind.Text{Path: b.Name, Bytes: b.Text})
	}
	return got, nil
}

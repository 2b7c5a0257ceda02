package cli_test

import (
	"context"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer/compile"
)

// trusted is a Task in the way of those of Konflux: its sources are in trusted artifacts, its
// params have capitals, and it uses StepActions.
const trusted = `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: buildah-oci-ta
  labels: {app.kubernetes.io/version: "0.4"}
spec:
  description: Builds an image from a Containerfile.
  params:
    - name: IMAGE
      description: The image to push.
      type: string
    - name: SOURCE_ARTIFACT
      description: The artifact with the sources.
      type: string
    - name: BUILD_ARGS
      description: Arguments of the build.
      type: array
      default: []
    - name: HERMETIC
      description: Whether the build has no network.
      type: string
      default: "false"
  results:
    - name: IMAGE_DIGEST
      description: The digest of the image.
    - name: IMAGE_URL
      description: The reference of the image.
  stepTemplate:
    env: [{name: HERMETIC, value: $(params.HERMETIC)}]
  steps:
    - name: use-trusted-artifact
      image: registry.local/artifacts:1
      args: [use, "$(params.SOURCE_ARTIFACT)=/var/workdir/source"]
    - name: build
      image: registry.local/buildah:1
      args: ["$(params.BUILD_ARGS[*])"]
      env: [{name: IMAGE, value: $(params.IMAGE)}]
      script: |
        #!/bin/bash
        buildah build "$@"
        echo -n x > "$(results.IMAGE_DIGEST.path)"
        echo -n x > "$(results.IMAGE_URL.path)"
`

// pushed pushes a bundle with a Task, and returns its digest.
func pushed(t *testing.T, image, text string) string {
	t.Helper()
	img, err := mutate.Append(empty.Image, mutate.Addendum{Layer: static.NewLayer([]byte(text), "text/plain"), Annotations: map[string]string{
		"dev.tekton.image.kind": "task", "dev.tekton.image.name": "buildah-oci-ta", "dev.tekton.image.apiVersion": "v1",
	}})
	require.NoError(t, err)
	ref, err := name.ParseReference(image)
	require.NoError(t, err)
	require.NoError(t, remote.Write(ref, img))
	digest, err := img.Digest()
	require.NoError(t, err)
	return digest.String()
}

// pipeline is Go that uses the bound Task.
const pipeline = `package ci

import "github.com/tekwright/tekwright/pkg/builder"

func Build() *builder.Pipeline {
	p := builder.NewPipeline("build")
	build := builder.Add(p, "build", BuildahOCITA{
		Image:          p.Param("image"),
		SourceArtifact: p.Param("source"),
		BuildArgs:      builder.Strings("GO=1.26"),
	})
	p.Result("digest", build.ImageDigest)
	return p
}
`

// TestBindBundle binds a Task of a bundle: a param that is misspelt does not compile.
func TestBindBundle(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	library, err := filepath.Abs("../..")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	image := strings.TrimPrefix(server.URL, "http://") + "/konflux/task-buildah-oci-ta:0.4"
	digest := pushed(t, image, trusted)
	line := "bind -o ci/bound.go --pin bundle://" + image + "#buildah-oci-ta"

	r := words(line)
	assert.Equal(t, result{"", "tekwright: the snapshot ci/testdata/bound does not have bundle://" + image + "#buildah-oci-ta\n  help: fetch it with --update\n", 2}, r)
	r = words(line + " --update")
	require.Equal(t, 0, r.exit, r.err)
	assert.Equal(t, "wrote ci/bound.go: 1 type\n", r.out)
	bound, err := os.ReadFile("ci/bound.go")
	require.NoError(t, err)
	assert.Contains(t, string(bound), `t.From(builder.Bundle("`+image+"@"+digest+`",`)

	checker := compile.New(library)
	check := func(text string) error {
		return checker.Check(context.Background(), map[string][]byte{"bound.go": bound, "ci.go": []byte(text)})
	}
	require.NoError(t, check(pipeline))
	err = check(strings.Replace(pipeline, "SourceArtifact:", "SourceArtefact:", 1))
	require.ErrorContains(t, err, "ci.go:9:3: unknown field SourceArtefact in struct literal of type BuildahOCITA")
	err = check(strings.Replace(pipeline, `builder.Strings("GO=1.26")`, `"GO=1.26"`, 1))
	require.ErrorContains(t, err, "builder.Array value in struct literal")
	err = check(strings.Replace(pipeline, "build.ImageDigest", "build.Digest", 1))
	require.ErrorContains(t, err, "build.Digest undefined")

	// The snapshot is enough without the registry, and moves only with --update.
	next := pushed(t, image, strings.Replace(strings.Replace(trusted, "SOURCE_ARTIFACT\n      d", "ARTIFACT\n      d", 1), "params.SOURCE_ARTIFACT", "params.ARTIFACT", 1))
	assert.NotEqual(t, digest, next)
	assert.Equal(t, result{"ci/bound.go is up to date: 1 type\n", "", 0}, words(line))
	assert.Equal(t, result{"ci/bound.go is up to date: 1 type\n", "", 0}, words(line+" --check"))
	r = words(line + " --check --update")
	assert.Equal(t, 1, r.exit)
	assert.Contains(t, r.out, "Task buildah-oci-ta: param \"SOURCE_ARTIFACT\" is gone\nTask buildah-oci-ta: param \"ARTIFACT\" is new, and required\n")
	assert.Contains(t, r.out, "-\tSourceArtifact builder.String\n")
	r = words(line + " --update")
	require.Equal(t, 0, r.exit, r.err)
	bound, err = os.ReadFile("ci/bound.go")
	require.NoError(t, err)
	assert.Contains(t, string(bound), "@"+next+`"`)
	require.ErrorContains(t, check(pipeline), "unknown field SourceArtifact in struct literal of type BuildahOCITA")
	server.Close()
	assert.Equal(t, result{"ci/bound.go is up to date: 1 type\n", "", 0}, words(line))

	// A snapshot that somebody has changed is not trusted.
	require.NoError(t, os.WriteFile("ci/testdata/bound/buildah-oci-ta.yaml", []byte(trusted), 0o600))
	r = words(line)
	assert.Equal(t, 2, r.exit)
	assert.Contains(t, r.err, "the file buildah-oci-ta.yaml of the snapshot has been changed\n  help: fetch it anew with --update")
}

// TestImportFetch imports a pipeline with a Task of a bundle: with --elsewhere fetch, the Go has
// all its inputs. One that cannot be fetched has those that its use shows.
func TestImportFetch(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	image := strings.TrimPrefix(server.URL, "http://") + "/konflux/task-buildah-oci-ta:0.4"
	pushed(t, image, trusted)
	repository(t, map[string]string{"p.yaml": `apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec:
  params: [{name: from}]
  tasks:
    - name: b
      taskRef: {resolver: bundles, params: [{name: bundle, value: ` + image + `}, {name: name, value: buildah-oci-ta}, {name: kind, value: task}]}
      params: [{name: IMAGE, value: x}, {name: SOURCE_ARTIFACT, value: y}]
    - name: c
      taskRef: {resolver: bundles, params: [{name: bundle, value: ` + image + `-none}, {name: name, value: other}, {name: kind, value: task}]}
      params: [{name: IMAGE, value: x}]
    - name: d
      taskRef: {resolver: git, params: [{name: url, value: $(params.from)}, {name: revision, value: main}, {name: pathInRepo, value: x.yaml}]}
`})
	got := run("", []string{"import", "p.yaml"})
	require.Equal(t, 0, got.exit, got.out+got.err)
	inferred, err := os.ReadFile("ci/elsewhere.go")
	require.NoError(t, err)
	assert.NotContains(t, string(inferred), "BuildArgs")
	got = run("", []string{"import", "p.yaml", "-o", "fetched", "--elsewhere", "fetch"})
	require.Equal(t, 0, got.exit, got.out+got.err)
	fetched, err := os.ReadFile("fetched/elsewhere.go")
	require.NoError(t, err)
	assert.Contains(t, string(fetched), "BuildArgs")
	assert.Contains(t, string(fetched), "type Other struct")
	assert.Contains(t, got.out, "Tasks that could not be fetched; their inputs are those that their uses show:\n  bundle://"+image+"-none#other: ")
	assert.Equal(t, 1, strings.Count(got.out, "bundle://"))
}

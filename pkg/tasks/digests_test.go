package tasks_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// digest is a digest that no image has.
var digest = "sha256:" + strings.Repeat("0123456789abcdef", 4)

func allDigests() tasks.Digests {
	d := tasks.Digests{}
	for _, image := range tasks.Images() {
		d[image] = digest
	}
	return d
}

// The file of the digests is valid, and about images of the catalogue.
func TestKnownDigests(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("digests.txt")
	require.NoError(t, err)
	want, err := tasks.ParseDigests(string(text))
	require.NoError(t, err)
	assert.Equal(t, want, tasks.KnownDigests())
	for image := range want {
		assert.Contains(t, tasks.Images(), image)
	}
}

func TestParseDigests(t *testing.T) {
	t.Parallel()
	d, err := tasks.ParseDigests("# comment\n\n  docker.io/a/b:1.2 " + digest + "\r\nlocalhost:5000/c:v1-x\t" + digest + "\ndocker.io/a/b:1.2 " + digest)
	require.NoError(t, err)
	assert.Equal(t, tasks.Digests{"docker.io/a/b:1.2": digest, "localhost:5000/c:v1-x": digest}, d)
	again, err := tasks.ParseDigests(d.String())
	require.NoError(t, err)
	assert.Equal(t, d, again)
	assert.Equal(t, "docker.io/a/b:1.2 "+digest+"\nlocalhost:5000/c:v1-x "+digest+"\n", d.String())

	other := strings.Replace(digest, "0", "1", 1)
	for line, want := range map[string]string{
		"a:1":                          "want an image and a digest",
		"a:1 " + digest + " more":      "want an image and a digest",
		"a:1 sha256:abc":               "is not a digest",
		"a:1 " + digest[:70]:           "is not a digest",
		"a:1 " + digest + "0":          "is not a digest",
		"a:1 " + "SHA256" + digest[6:]: "is not a digest",
		"a:1 " + strings.Replace(digest, "a", "A", 1):     "is not a digest",
		"a:1 " + strings.Replace(digest, "256", "512", 1): "is not a digest",
		"a " + digest:                      "is not an image with a tag",
		"a@" + digest + " " + digest:       "is not an image with a tag",
		"-a:1 " + digest:                   "is not an image with a tag",
		"b:1 " + digest + "\nb:1 " + other: "line 3: b:1 has another digest above",
	} {
		got, err := tasks.ParseDigests("\n" + line)
		assert.ErrorContains(t, err, want, line)
		assert.ErrorContains(t, err, "line ", line)
		assert.Nil(t, got)
	}
	_, err = tasks.ParseDigests("a\nb")
	assert.ErrorContains(t, err, "line 1: ")
	assert.ErrorContains(t, err, "line 2: ")
}

// All images of a set get their digests, and their Tasks keep their names.
func TestPinned(t *testing.T) {
	t.Parallel()
	p := builder.NewPipeline("p")
	src, cache := p.Workspace("source"), p.Workspace("cache")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: "https://example.com/a.git", Output: src})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source, Cache: cache})
	builder.Add(p, "image", tasks.DockerBuild{Source: test.Source, Image: "example.com/a:1"})
	run := p.Run("r", src.PVC("a"), cache.PVC("a").SubPath("cache"))
	write := func(s manifest.Source) string {
		t.Helper()
		var b strings.Builder
		require.NoError(t, manifest.New(s).Write(&b))
		require.NoError(t, admission.Stream([]byte(b.String())))
		return b.String()
	}
	plain, pinned := write(run), write(tasks.Pinned(allDigests(), run))
	want := plain
	for _, image := range tasks.Images() {
		want = strings.ReplaceAll(want, "image: "+image+"\n", "image: "+image+"@"+digest+"\n")
	}
	assert.Equal(t, want, pinned)
	assert.Equal(t, 4, strings.Count(pinned, "@sha256:"))
	assert.Equal(t, plain, write(run), "the source is not changed")

	few := tasks.Digests{tasks.Images()[0]: digest}
	_, err := tasks.Pinned(few, run).Objects()
	found, ok := errors.AsType[diag.Findings](err)
	require.True(t, ok, "%v", err)
	assert.NotEmpty(t, found)
	for _, f := range found {
		assert.Equal(t, "image-unpinned", f.Code)
		assert.Contains(t, f.Message, "is not known")
		assert.Contains(t, f.Position.File, "digests_test.go")
	}
	assert.Error(t, manifest.New(tasks.Pinned(few, run)).Build(), "nothing is written")
	bad := allDigests()
	bad[tasks.Images()[1]] = "sha256:1"
	bad["docker.io/alpine/git:v2.49.1"] = "latest"
	_, err = tasks.Pinned(bad, run).Objects()
	assert.ErrorContains(t, err, `"latest", the digest of image "docker.io/alpine/git:v2.49.1", is not valid`)
}

func TestPinnedNil(t *testing.T) {
	t.Parallel()
	_, err := tasks.Pinned(nil, nil).Objects()
	assert.ErrorContains(t, err, "a source is nil")
}

// What has a digest or a variable stays unchanged.
func TestPinnedImages(t *testing.T) {
	t.Parallel()
	task := func(image string) manifest.Source {
		o := &v1.Task{Spec: v1.TaskSpec{Steps: []v1.Step{{Name: "a", Image: image}}, StepTemplate: &v1.StepTemplate{}}}
		o.APIVersion, o.Kind, o.Name = "tekton.dev/v1", "Task", "t"
		return manifest.FromObjects(o)
	}
	for image, want := range map[string]string{
		"a:1": "a:1@" + digest, "a:1@" + digest: "a:1@" + digest, "$(params.image)": "$(params.image)", "": "",
	} {
		objects, err := tasks.Pinned(tasks.Digests{"a:1": digest}, task(image)).Objects()
		require.NoError(t, err)
		got, ok := objects[0].Object.(*v1.Task)
		require.True(t, ok)
		assert.Equal(t, want, got.Spec.Steps[0].Image)
	}
}

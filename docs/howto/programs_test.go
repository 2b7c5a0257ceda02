package howto_test

import (
	"bytes"
	_ "embed"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
)

// howto from-yaml

//go:embed tasks/render.yaml
var renderYAML []byte

// Render is a Task that exists as YAML.
type Render struct{ Chart builder.String }

// Rendered is the output of Render.
type Rendered struct {
	*builder.PipelineTask
	Digest builder.String
}

func (Render) TaskName() string { return "render" }

func (r Render) Define(t *builder.Task) Rendered {
	t.Param("chart", r.Chart)
	digest := t.Result("digest")
	t.FromYAML(renderYAML)
	return Rendered{t.PipelineTask(), digest.Value()}
}

// howto end

func fromYAML() *manifest.Set {
	p := builder.NewPipeline("charts")
	render := builder.Add(p, "render", Render{Chart: "charts/app"})
	p.Result("digest", render.Digest)
	return manifest.New(p)
}

func fromTektonic() *manifest.Set {
	// howto from-tektonic
	p := builder.NewPipeline("ci")
	repo, src := p.Param("repo"), p.Workspace("source")
	clone := builder.Add(p, "clone", tasks.GitClone{URL: repo, Output: src})
	test := builder.Add(p, "test", tasks.GoTest{Source: clone.Source})
	p.AddInline("show", func(t *builder.Task) {
		commit := t.Param("commit", clone.Commit)
		t.Step("show").Image("docker.io/library/busybox:1.37.0").
			Env("COMMIT", commit).Script(`echo "tested $COMMIT"`)
	}).After(test)
	// howto end
	return manifest.New(p)
}

// howto platform-tool

// pipeline writes the pipeline of a team as YAML.
func pipeline(w http.ResponseWriter, r *http.Request) {
	p := builder.NewPipeline(r.PathValue("team"))
	src := p.Workspace("source")
	builder.Add(p, "test", tasks.GoTest{Source: src})
	var out bytes.Buffer
	if err := manifest.New(p).Namespace(r.PathValue("team")).Write(&out); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = out.WriteTo(w)
}

// howto end

// TestPipeline calls the tool of a page.
func TestPipeline(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{team}", pipeline)
	for path, want := range map[string]int{"/shop": http.StatusOK, "/Not%20Valid": http.StatusUnprocessableEntity} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, want, w.Code, w.Body.String())
	}
}

// howto in-ci

// TestTasks fails if a file in the folder tasks has a mistake that a cluster rejects or that
// fails at run time.
func TestTasks(t *testing.T) {
	loaded, err := manifest.Load(t.Context(), []string{"tasks"}, manifest.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	findings, err := check.RunLoaded(t.Context(), loaded.Objects, loaded.Findings, check.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Severity == diag.Error {
			t.Error(f)
		}
	}
}

// howto end

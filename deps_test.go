package tekwright_test

import (
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dependencies are the modules that this one requires directly, each with the
// reason. Another one needs a reason of its own here, and no lighter way.
var dependencies = map[string]string{
	"github.com/tektoncd/pipeline":   "output is built from Tekton's own types, and must pass its Validate",
	"github.com/tektoncd/triggers":   "the same, for listeners, triggers, templates and bindings",
	"k8s.io/api":                     "Secrets, claims, roles, ingresses and what pods are made of",
	"k8s.io/apimachinery":            "metadata, quantities, and what every object has in common",
	"k8s.io/client-go":               "talks to the API server, in pkg/cluster alone; its parser reads the JSONPaths of bindings",
	"github.com/go-logr/logr":        "keeps client-go's watches from printing; client-go brings it along",
	"golang.org/x/term":              "the size of the terminal, for the command's picture of a run",
	"mvdan.cc/sh/v3":                 "reads scripts as a shell does: quotes, here-documents, $(...) in $(...)",
	"sigs.k8s.io/yaml":               "reads YAML as the Kubernetes tools do",
	"sigs.k8s.io/json":               "decodes strictly and case-sensitively, as the API server does",
	"k8s.io/apiextensions-apiserver": "the type of free values in Tekton's structs, which link it anyway",
	"knative.dev/pkg":                "the type of the errors that Tekton's Validate returns",
	"github.com/google/cel-go":       "compiles trigger filters offline, with the function libraries that the interceptor uses",
	"github.com/spf13/cobra":         "the command: its help, suggestions, and completion for four shells",
	"github.com/spf13/pflag":         "cobra's flags, to suggest one for another; cobra brings it along",
	"github.com/stretchr/testify":    "tests only",
	"go.yaml.in/yaml/v3":             "reads YAML with the line and the column of each value",

	"github.com/rogpeppe/go-internal": "the unified diff: a copy of the go command's, which cannot be imported",
}

func TestDependencies(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	require.NoError(t, err)
	var mod struct {
		Module  struct{ Path string }
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []struct{ Old struct{ Path string } }
	}
	require.NoError(t, json.Unmarshal(out, &mod))
	assert.Equal(t, module, mod.Module.Path)
	assert.Empty(t, mod.Replace, "a replace directive does not reach those who import the module")
	direct := map[string]bool{}
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		direct[r.Path] = true
		assert.Contains(t, dependencies, r.Path, "%s is a new dependency: what does it do that nothing here does?", r.Path)
	}
	for path := range dependencies {
		assert.True(t, direct[path], "%s is not required any more", path)
	}
}

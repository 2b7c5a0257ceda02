package tekwright_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// denied is what a program that writes or checks manifests does not link: paths
// with all below them, and why. Upstream's types bring a part of client-go along,
// with its transport; this is what they do not bring.
var denied = map[string]string{
	"k8s.io/client-go/kubernetes":             "registers every kind of Kubernetes when a program starts",
	"k8s.io/client-go/informers":              "watches a cluster",
	"k8s.io/client-go/discovery":              "asks a cluster what it serves",
	"k8s.io/client-go/restmapper":             "asks a cluster what it serves",
	"github.com/tektoncd/pipeline/pkg/client": "a client of a cluster",
	"github.com/tektoncd/triggers/pkg/client": "a client of a cluster",
	"knative.dev/pkg/controller":              "the frame of controllers",
	"knative.dev/pkg/injection":               "the frame of controllers",
	"sigs.k8s.io/controller-runtime":          "the frame of controllers",
	"sigs.k8s.io/gateway-api":                 "requires controller-runtime; an HTTPRoute needs few fields of it",
	"k8s.io/apiserver":                        "an API server",
	"k8s.io/kubectl":                          "another command",
	"k8s.io/cli-runtime":                      "another command",
	"sigs.k8s.io/kustomize":                   "renders overlays, with a YAML library of its own",
	"helm.sh/helm":                            "renders charts, with registries and a cluster behind it",
	"github.com/spf13":                        "flags and configuration of a command",
	"github.com/google/go-containerregistry":  "asks a registry for images",
	"github.com/containerd":                   "runs containers",
	"github.com/docker":                       "runs containers",
	"github.com/moby":                         "runs containers",
	"github.com/sigstore":                     "verifies signatures online",
	"cloud.google.com":                        "the SDK of a cloud",
	"github.com/aws":                          "the SDK of a cloud",
	"github.com/Azure":                        "the SDK of a cloud",
	"github.com/go-git":                       "reads repositories",
	"github.com/google/go-github":             "asks a forge",
	"github.com/jenkins-x/go-scm":             "asks a forge",
	"gitlab.com/gitlab-org/api":               "asks a forge",
	"go.lsp.dev":                              "a language server",
	"golang.org/x/tools":                      "loads and rewrites Go programs",
	"github.com/chromedp":                     "drives a browser",
	"github.com/go-rod":                       "drives a browser",
	"github.com/stretchr/testify":             "for tests",
	"testing":                                 "for tests; registers flags",
}

// TestWeight shows that a program that imports any of pkg/ links nothing that is
// denied, and that this would be seen: one that reads a kubeconfig does.
func TestWeight(t *testing.T) {
	imports := map[string][]string{}
	kubeconfig := module + "/examples/first-steps/drive"
	forTests := []string{module + "/pkg/generate/generatetest", module + "/pkg/importtest"}
	var light []string
	for _, line := range list(t, "-deps", "-f={{.ImportPath}}{{range .Imports}} {{.}}{{end}}", "./pkg/...", "./examples/...") {
		paths := strings.Fields(line)
		imports[paths[0]] = paths[1:]
		if strings.HasPrefix(paths[0], module+"/") && paths[0] != kubeconfig && !slices.Contains(forTests, paths[0]) {
			light = append(light, paths[0])
		}
	}
	for prefix, chain := range linked(imports, light...) {
		t.Errorf("%s: %s", strings.Join(chain, "\n\timports "), denied[prefix])
	}
	assert.Contains(t, linked(imports, kubeconfig), "github.com/spf13")
}

// linked returns what is denied of all that the packages link, each with the
// shortest way that leads there.
func linked(imports map[string][]string, from ...string) map[string][]string {
	found := map[string][]string{}
	seen := map[string]bool{}
	var ways [][]string
	for _, path := range from {
		ways = append(ways, []string{path})
	}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		path := way[len(way)-1]
		if seen[path] {
			continue
		}
		seen[path] = true
		for prefix := range denied {
			if found[prefix] == nil && strings.HasPrefix(path+"/", prefix+"/") {
				found[prefix] = way
			}
		}
		for _, p := range imports[path] {
			ways = append(ways, append(slices.Clip(way), p))
		}
	}
	return found
}

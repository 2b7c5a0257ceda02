// Package exampletest implements the tests that all examples share.
package exampletest

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/admission"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
)

// Set is a manifest.Set, as far as it matters here.
type Set interface {
	CheckDir(dir string) error
	Write(w io.Writer) error
}

// Example checks an example: the committed manifests are what the program
// writes, upstream admits them, they are at least four times longer than
// main.go, the checker reports no errors or warnings for them, and they have
// none of the mistakes that the example should correct.
func Example[S Set](t *testing.T, build func() S) {
	t.Run("manifests", func(t *testing.T) {
		require.NoError(t, build().CheckDir("manifests"), "run go generate in this folder")
	})
	var out bytes.Buffer
	require.NoError(t, build().Write(&out))
	stream := out.String()
	t.Run("same bytes", func(t *testing.T) {
		var again bytes.Buffer
		require.NoError(t, build().Write(&again))
		require.Equal(t, stream, again.String())
	})
	t.Run("admitted", func(t *testing.T) { require.NoError(t, admission.Stream(out.Bytes())) })
	t.Run("no warning", func(t *testing.T) { nothingFound(t, out.Bytes()) })
	t.Run("folder", folderClean)
	t.Run("shorter", func(t *testing.T) {
		source, err := os.ReadFile("main.go")
		require.NoError(t, err)
		program, yaml := lines(string(source), "//"), lines(stream, "#")
		t.Logf("%d lines of Go, %d lines of YAML", program, yaml)
		require.GreaterOrEqual(t, yaml, 4*program)
	})
	t.Run("mended", func(t *testing.T) {
		for what, fault := range faults {
			assert.NotRegexp(t, fault, stream, what)
		}
	})
}

// folderClean shows that the command tekwright check has nothing to say of the
// committed folder, which it takes for complete: the file beside the manifests has
// what the Go code knows.
func folderClean(t *testing.T) {
	loaded, err := manifest.Load(t.Context(), []string{"manifests"}, manifest.LoadOptions{})
	require.NoError(t, err)
	profile := loaded.Profile()
	profile.Complete = true
	found, err := check.Run(t.Context(), loaded.Objects, profile)
	require.NoError(t, err)
	for _, f := range append(loaded.Findings, found...) {
		assert.Equal(t, diag.Note, f.Severity, "%v", f)
	}
}

// nothingFound shows that the checker has nothing to say of the manifests but
// what it cannot know.
func nothingFound(t *testing.T, stream []byte) {
	objects, found := manifest.Parse(stream, "manifests")
	require.NotEmpty(t, objects)
	more, err := check.Run(t.Context(), objects, check.Profile{})
	require.NoError(t, err)
	for _, f := range append(found, more...) {
		assert.Equal(t, diag.Note, f.Severity, "%v", f)
	}
}

// faults are what no example may hold.
var faults = map[string]*regexp.Regexp{
	"a floating image tag":            regexp.MustCompile(`(?m)^\s*(- )?image: (\S+:latest|[^:\s]+)$`),
	"an API version that is gone":     regexp.MustCompile(`(?m)^apiVersion: (tekton\.dev/v1(alpha|beta)1\nkind: (Task|Pipeline)|triggers\.tekton\.dev/v1alpha1|extensions/)`),
	"the ingress class as annotation": regexp.MustCompile(`kubernetes\.io/ingress\.class`),
	"an unrestricted impersonation":   regexp.MustCompile(`(?s)- serviceaccounts\n\s+verbs:\n\s+- impersonate`),
	"cluster-wide edit":               regexp.MustCompile(`(?m)^\s+name: (edit|admin|cluster-admin)$`),
	"PodSecurityPolicy":               regexp.MustCompile(`podsecuritypolicies`),
	"PipelineResource":                regexp.MustCompile(`(?i)pipelineresource`),
	"an input in a script":            regexp.MustCompile(`(?m)^\s+script: \|[-+]?\n(\s{10,}.*\n)*\s{10,}.*\$\(params\.`),
	"a password on a command line":    regexp.MustCompile(`docker login .*-p `),
	"a registry without TLS":          regexp.MustCompile(`skip-tls-verify$`),
	"a secret value":                  regexp.MustCompile(`(?m)^kind: Secret$`),
}

// lines counts lines that are neither blank nor a comment.
func lines(text, comment string) int {
	n := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, comment) {
			n++
		}
	}
	return n
}

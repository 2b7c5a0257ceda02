package harness

import (
	"archive/tar"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/stretchr/testify/require"
)

// File is a file of an image that a test makes.
type File struct {
	Path string
	From string // a program of this machine, with the libraries that it needs; or ""
	Text string // if there is no From
	// Capability is the value of security.capability, which setcap makes.
	Capability string
}

// Tool returns where a program of this machine is. A test that needs one that is missing is
// skipped.
func Tool(t *testing.T, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	home, err := os.UserHomeDir()
	require.NoError(t, err)
	path := filepath.Join(home, ".cache", "tekwright-test", "bin", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("SKIPPED: no program " + name + " on this machine")
	}
	return path
}

// ToolImage makes an image that has files on top of another image, and replaces an image of
// the catalogue by it on the node: what this machine has, in place of what is published.
func ToolImage(t *testing.T, instead, base string, files ...File) {
	t.Helper()
	layer := tarOf(t, files)
	options := []crane.Option{crane.WithTransport(trusting(t))}
	image, err := crane.Pull(base, options...)
	require.NoError(t, err)
	top, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(layer)), nil })
	require.NoError(t, err)
	image, err = mutate.AppendLayers(image, top)
	require.NoError(t, err)
	host, _, _ := strings.Cut(os.Getenv("REGISTRY"), ":")
	_, name, _ := strings.Cut(instead, "/")
	reference := host + "/tools/" + name
	require.NoError(t, crane.Push(image, reference, options...))
	standIns[instead] = reference
}

// trusting is a transport that trusts the authority of the cluster.
func trusting(t *testing.T) http.RoundTripper {
	t.Helper()
	ca, err := os.ReadFile(os.Getenv("CLUSTER_CA"))
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(ca))
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return transport
}

// library matches the path of a library in what ldd prints.
var library = regexp.MustCompile(`(?m)(/\S+) \(0x`)

// tarOf returns a layer with the files.
func tarOf(t *testing.T, files []File) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	made := map[string]bool{}
	put := func(path string, content []byte, mode int64, capability string) {
		if made[path] {
			return
		}
		made[path] = true
		h := &tar.Header{Name: strings.TrimPrefix(path, "/"), Mode: mode, Size: int64(len(content)), Typeflag: tar.TypeReg, Format: tar.FormatPAX}
		if capability != "" {
			h.PAXRecords = map[string]string{"SCHILY.xattr.security.capability": capability}
		}
		require.NoError(t, w.WriteHeader(h))
		_, err := w.Write(content)
		require.NoError(t, err)
	}
	for _, f := range files {
		if f.From == "" {
			put(f.Path, []byte(f.Text), 0o644, f.Capability)
			continue
		}
		program, err := os.ReadFile(f.From)
		require.NoError(t, err)
		put(f.Path, program, 0o755, f.Capability)
		libraries, _ := exec.CommandContext(t.Context(), "ldd", f.From).Output() // fails for what is linked statically
		for _, found := range library.FindAllStringSubmatch(string(libraries), -1) {
			content, err := os.ReadFile(found[1])
			require.NoError(t, err)
			put(inDebian(found[1]), content, 0o755, "")
		}
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// inDebian is a path without the links that lead from / to /usr, which a layer would
// replace by directories.
func inDebian(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if slices.Contains([]string{"bin", "lib", "lib64", "sbin"}, first) {
		return "/usr" + path
	}
	return path
}

package scripts

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// configuration is the daemon's, as the call has it.
func configuration(t testing.TB, c call) string {
	t.Helper()
	flags, _ := c.env("BUILDKITD_FLAGS")
	file, ok := strings.CutPrefix(flags, "--oci-worker-no-process-sandbox --config=")
	require.True(t, ok, flags)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(b)
}

func TestBuildKit(t *testing.T) {
	t.Parallel()
	task := define(t, tasks.BuildKit{})
	r, calls := imageRun(t, task, []reply{{Touch: "metadata-file=" + metadata}})
	source := write(t, r.workspaces["source"], map[string]string{"web/Dockerfile": "", "web/prod.docker": ""})
	image := r.params["image"]
	got := r.do(t).ok(t)
	assert.Equal(t, map[string]string{"IMAGE_DIGEST": digest, "IMAGE_URL": image, "IMAGE_REFERENCE": image + "@" + digest}, got.results)
	c := calls()[0]
	assert.Equal(t, []string{
		"build", "--frontend=dockerfile.v0", "--progress=plain", "--local", "context=" + source + "/.",
		"--local", "dockerfile=" + source + "/./.", "--opt", "filename=Dockerfile", "--output=type=image,name=" + image + ",push=true",
	}, c.Args[:10])
	assert.Len(t, c.Args, 11)
	assert.Empty(t, strings.TrimSpace(configuration(t, c)), "nothing is configured")

	r.params["context"], r.params["dockerfile"] = "web", "web/prod.docker"
	r.params["mirror"] = "http://mirror.example.com:5000/hub/"
	r.arrays = map[string][]string{
		"build-args": {"A=1", "B=$(id)=\n,"}, "extra-args": {"--no-cache", "--opt=target=a b"},
		"insecure": {"", "r:5000", "mirror.example.com:5000", "r:5000", "docker.io"},
	}
	r.do(t).ok(t)
	c = calls()[1]
	assert.Equal(t, []string{"--local", "context=" + source + "/web/.", "--local", "dockerfile=" + source + "/web/.", "--opt", "filename=prod.docker"}, c.Args[3:9])
	assert.Equal(t, []string{"--opt", "build-arg:A=1", "--opt", "build-arg:B=$(id)=\n,", "--no-cache", "--opt=target=a b"}, c.Args[11:])
	assert.Equal(t, `registry."docker.io".http = true
registry."docker.io".insecure = true
registry."docker.io".mirrors = ["mirror.example.com:5000/hub"]
registry."mirror.example.com:5000".http = true
registry."mirror.example.com:5000".insecure = true
registry."r:5000".http = true
registry."r:5000".insecure = true
`, configuration(t, c))
	r.params["mirror"], r.arrays = "https://mirror.example.com", nil
	r.do(t).ok(t)
	assert.Equal(t, "registry.\"docker.io\".mirrors = [\"mirror.example.com\"]\n", configuration(t, calls()[2]))

	for name, replies := range map[string][]reply{
		"fails":          {{Touch: "metadata-file=" + metadata, Code: 1}},
		"no metadata":    nil,
		"no digest":      {{Touch: "metadata-file={}"}},
		"another digest": {{Touch: "metadata-file={\n  \"containerimage.digest\": \"md5:00\"\n}"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := imageRun(t, task, replies)
			got := r.do(t)
			got.refused(t, "buildkit", "")
			assert.Empty(t, got.results)
		})
	}
}

func TestBuildKitArgsArriveAsData(t *testing.T) {
	t.Parallel()
	r := recordings(t)["buildkit"]
	for _, value := range hostile {
		got, calls, _ := r.with(t, map[string]string{"build-args": "K=" + value})
		got.ok(t)
		assert.Contains(t, flags(calls[0])["opt"], "build-arg:K="+value)
	}
	for _, tool := range []string{"buildkit", "docker-build", "kaniko"} { // which would read their environment
		got, calls, _ := recordings(t)[tool].with(t, map[string]string{"build-args": "HOME"})
		got.refused(t, tool, "build argument 'HOME' is not KEY=VALUE")
		assert.Empty(t, calls)
	}
}

package real_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/tasks"
	"github.com/tekwright/tekwright/test/e2e/harness"
)

// Images on which the tools of this machine are put.
const (
	debian = "docker.io/library/debian:bookworm"
	golang = "docker.io/library/golang:1.26"
)

// An image is built with buildah and with ko, copied by its digest, and signed; Go code is
// linted. The tools are those of this machine, in images that the test makes.
func TestTools(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	image := registry() + "/" + b.ns + "/"
	source := []v1.WorkspaceBinding{claimed("source", "src")}

	t.Run("image-copy", func(t *testing.T) {
		harness.ToolImage(t, "quay.io/skopeo/stable:v1.22.2", debian,
			harness.File{Path: "/usr/bin/skopeo", From: harness.Tool(t, "skopeo")},
			harness.File{Path: "/etc/containers/policy.json", Text: `{"default":[{"type":"insecureAcceptAnything"}]}`})
		b.put(t, builder.Define(tasks.ImageCopy{}))
		built, _ := b.good(t, b.usual("kaniko", "-copy"))
		digest := result(built, "IMAGE_DIGEST")

		run, _ := b.good(t, try{task: "image-copy", params: map[string]any{"from": image + "kaniko:1@" + digest, "to": image + "prod:1"}})
		assert.Equal(t, digest, result(run, "digest"))
		assert.Equal(t, image+"prod@"+digest, result(run, "reference"))
		assert.Equal(t, digest, inRegistry(t, b.ns+"/prod", "1"))

		none := strings.Repeat("1", 64)
		run, log := b.end(t, try{task: "image-copy", params: map[string]any{"from": image + "kaniko@sha256:" + none, "to": image + "prod:2"}})
		assert.False(t, run.IsSuccessful())
		assert.Contains(t, log, "image-copy: cannot copy '"+image+"kaniko@sha256:"+none+"'")
		assert.Empty(t, run.Status.Results)
	})
	t.Run("buildah", func(t *testing.T) {
		harness.Tool(t, "newuidmap")
		harness.ToolImage(t, "quay.io/buildah/stable:v1.43.4", debian,
			harness.File{Path: "/usr/bin/buildah", From: harness.Tool(t, "buildah")},
			harness.File{Path: "/usr/bin/newuidmap", From: harness.Tool(t, "newuidmap"), Capability: capability(7)},
			harness.File{Path: "/usr/bin/newgidmap", From: harness.Tool(t, "newgidmap"), Capability: capability(6)},
			harness.File{Path: "/etc/passwd", Text: "root:x:0:0:root:/root:/bin/sh\nbuild:x:1000:1000::/home/build:/bin/sh\n"},
			harness.File{Path: "/etc/group", Text: "root:x:0:\nbuild:x:1000:\n"},
			harness.File{Path: "/etc/subuid", Text: "build:100000:65536\n"},
			harness.File{Path: "/etc/subgid", Text: "build:100000:65536\n"},
			harness.File{Path: "/etc/containers/policy.json", Text: `{"default":[{"type":"insecureAcceptAnything"}]}`})
		b.put(t, builder.Define(tasks.Buildah{}))
		run, _ := b.good(t, try{task: "buildah", params: map[string]any{"image": image + "buildah:1", "context": "img"}, workspaces: source})
		assert.Equal(t, result(run, "IMAGE_DIGEST"), inRegistry(t, b.ns+"/buildah", "1"))

		run, log := b.end(t, try{task: "buildah", params: map[string]any{"image": image + "buildah:2", "context": "img-broken"}, workspaces: source})
		assert.False(t, run.IsSuccessful())
		assert.Contains(t, log, "the cause")
		assert.Contains(t, log, "buildah: the build failed")
	})
	t.Run("ko", func(t *testing.T) {
		harness.ToolImage(t, "ghcr.io/ko-build/ko:v0.19.1", golang, harness.File{Path: "/usr/local/bin/ko", From: harness.Tool(t, "ko")})
		b.put(t, builder.Define(tasks.Ko{}))
		run, _ := b.good(t, try{task: "ko", params: map[string]any{"image": image + "ko:1", "directory": "tiny", "package": ".",
			"base-image": "docker.io/library/busybox:1.37"}, workspaces: source})
		assert.Equal(t, result(run, "IMAGE_DIGEST"), inRegistry(t, b.ns+"/ko", "1"))

		run, log := b.end(t, try{task: "ko", params: map[string]any{"image": image + "ko:2", "directory": "broken/build", "package": ".",
			"base-image": "docker.io/library/busybox:1.37"}, workspaces: source})
		assert.False(t, run.IsSuccessful())
		assert.Contains(t, log, "undefined: undefined")
		assert.Contains(t, log, "ko: the build failed")
	})
	t.Run("cosign-sign", func(t *testing.T) {
		cosign := harness.Tool(t, "cosign")
		harness.ToolImage(t, "ghcr.io/sigstore/cosign/cosign:v2.6.5-dev", debian,
			harness.File{Path: "/usr/bin/cosign", From: cosign},
			harness.File{Path: "/busybox/sh", From: harness.Tool(t, "busybox")})
		b.put(t, builder.Define(tasks.CosignSign{}))
		keys := t.TempDir()
		do := func(args ...string) ([]byte, error) {
			cmd := exec.CommandContext(t.Context(), cosign, args...)
			cmd.Dir = keys
			cmd.Env = append(os.Environ(), "COSIGN_PASSWORD="+apiToken, "SSL_CERT_FILE="+os.Getenv("CLUSTER_CA"), "HOME="+keys)
			return cmd.CombinedOutput()
		}
		out, err := do("generate-key-pair")
		require.NoError(t, err, "%s", out)
		key, err := os.ReadFile(filepath.Join(keys, "cosign.key"))
		require.NoError(t, err)
		b.secret(t, b.ns, "cosign", corev1.SecretTypeOpaque, map[string]string{"cosign.key": string(key), "cosign.password": apiToken})
		built, _ := b.good(t, b.usual("kaniko", "-sign"))
		reference := image + "kaniko@" + result(built, "IMAGE_DIGEST")
		verify := []string{"verify", "--key=cosign.pub", "--insecure-ignore-tlog=true", reference}
		out, err = do(verify...)
		require.Error(t, err, "%s", out)

		run, log := b.good(t, try{task: "cosign-sign", params: map[string]any{"image": reference, "transparency-log": "false"},
			workspaces: []v1.WorkspaceBinding{secretly("key", "cosign")}})
		assert.Equal(t, reference, result(run, "reference"))
		assert.NotContains(t, log, apiToken)
		out, err = do(verify...)
		assert.NoError(t, err, "%s", out)
	})
	t.Run("go-lint", func(t *testing.T) {
		harness.ToolImage(t, "docker.io/golangci/golangci-lint:v2.15.0", golang,
			harness.File{Path: "/usr/local/bin/golangci-lint", From: harness.Tool(t, "golangci-lint")})
		b.put(t, manifest.Source(builder.Define(tasks.GoLint{})))
		run, _ := b.good(t, try{task: "go-lint", params: map[string]any{"directory": "tiny"}, workspaces: source})
		assert.Equal(t, "0", result(run, "issues"))

		run, log := b.end(t, try{task: "go-lint", params: map[string]any{"directory": "lint"}, workspaces: source})
		assert.False(t, run.IsSuccessful(), "%s", log)
		assert.Equal(t, "1", result(run, "issues"), "%s", log)
	})
}

// capability is what setcap writes for a capability that a program has at once, in the
// second version of the format.
func capability(number int) string {
	const revision, effective = 0x02000000, 1
	data := binary.LittleEndian.AppendUint32(nil, revision|effective)
	for range 2 { // permitted, inheritable
		data = binary.LittleEndian.AppendUint32(data, 1<<number)
	}
	return string(append(data, make([]byte, 8)...))
}

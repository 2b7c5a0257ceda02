//go:generate go run ./internal/catalogue

package tasks

import (
	"slices"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Images of the catalogue. Each has the tag of a full version, which is not moved to
// another version. It may still be rebuilt for a new base image: see [Pinned]. The
// ToolImage of a task replaces its image.
const (
	gitImage      builder.TaskString = "docker.io/alpine/git:v2.49.1"
	goImage       builder.TaskString = "docker.io/library/golang:1.26.10"
	dockerImage   builder.TaskString = "docker.io/library/docker:28.5.2-cli"
	daemonImage   builder.TaskString = "docker.io/library/docker:28.5.2-dind"
	kanikoImage   builder.TaskString = "gcr.io/kaniko-project/executor:v1.24.0-debug" // -debug has a shell; the last version
	buildkitImage builder.TaskString = "docker.io/moby/buildkit:v0.34.2-rootless"
	helmImage     builder.TaskString = "docker.io/alpine/helm:3.20.2"
	kubectlImage  builder.TaskString = "docker.io/alpine/k8s:1.36.0"
	busyboxImage  builder.TaskString = "docker.io/library/busybox:1.37.0"
	curlImage     builder.TaskString = "docker.io/curlimages/curl:8.22.0"
	skopeoImage   builder.TaskString = "quay.io/skopeo/stable:v1.22.2"
	golangciImage builder.TaskString = "docker.io/golangci/golangci-lint:v2.15.0"
	cosignImage   builder.TaskString = "ghcr.io/sigstore/cosign/cosign:v2.6.5-dev" // -dev has a shell
	koImage       builder.TaskString = "ghcr.io/ko-build/ko:v0.19.1"
	buildahImage  builder.TaskString = "quay.io/buildah/stable:v1.43.4"
)

// Images returns the images of the catalogue, sorted.
func Images() []string {
	var out []string
	for _, image := range []builder.TaskString{
		gitImage, goImage, dockerImage, daemonImage, kanikoImage, buildkitImage, helmImage, kubectlImage, busyboxImage,
		curlImage, skopeoImage, golangciImage, cosignImage, koImage, buildahImage,
	} {
		out = append(out, string(image))
	}
	slices.Sort(out)
	return out
}

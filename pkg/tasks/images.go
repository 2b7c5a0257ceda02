package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// Images of the catalogue. They have the tag of a version, no floating tags and no
// digests. The ToolImage of a task replaces its image.
const (
	gitImage      builder.TaskString = "docker.io/alpine/git:v2.49.1"
	goImage       builder.TaskString = "docker.io/library/golang:1.26"
	dockerImage   builder.TaskString = "docker.io/library/docker:28-cli"
	daemonImage   builder.TaskString = "docker.io/library/docker:28-dind"
	kanikoImage   builder.TaskString = "gcr.io/kaniko-project/executor:v1.24.0-debug" // -debug has a shell
	buildkitImage builder.TaskString = "docker.io/moby/buildkit:v0.22.0-rootless"
	helmImage     builder.TaskString = "docker.io/alpine/helm:3.19.0"
	kubectlImage  builder.TaskString = "docker.io/alpine/k8s:1.36.0"
	busyboxImage  builder.TaskString = "docker.io/library/busybox:1.37"
)

package tasks

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// BuildKit builds an image without a daemon of its own, and pushes it. It has
// Kaniko's inputs and leaves behind what Kaniko does, so that one takes the
// place of the other. It runs as an ordinary user, not privileged; the node
// must let users make user namespaces.
type BuildKit struct {
	// Image is the reference to push the image under, with a tag. Required.
	Image builder.String
	// Dockerfile is a path in Source. Default: Dockerfile in Context.
	Dockerfile builder.String
	// Context is the directory of Source that the build sees. Default: all of
	// Source.
	Context builder.String
	// BuildArgs are the Dockerfile's: builder.Strings("VERSION=1.2"). They stay
	// readable in the image: no place for secrets. Default: none.
	BuildArgs builder.Array
	// ExtraArgs are further arguments of buildctl build:
	// builder.Strings("--no-cache", "--opt=target=prod"). They are trusted.
	// Default: none.
	ExtraArgs builder.Array
	// Mirror of Docker Hub to pull from: https://mirror.example. Default: none.
	Mirror builder.String
	// Insecure lists registries to reach without TLS or with a certificate that
	// cannot be checked: builder.Strings("registry.local:5000"). Default: none.
	Insecure builder.Array

	// Source holds the build's context. Required; it is only read.
	Source builder.Workspace
	// DockerConfig holds config.json or .dockerconfigjson: a Secret of type
	// kubernetes.io/dockerconfigjson. Optional: a Secret that the run's account
	// lists, annotated with tekton.dev/docker-0, serves as well.
	DockerConfig builder.Workspace

	// ToolImage runs the step: sh, and buildctl-daemonless.sh with what it
	// starts, as in the -rootless images, whose user is 1000. Default: the
	// catalogue's.
	ToolImage string
}

func (b BuildKit) image() choice { return choice{b.ToolImage, buildkitImage} }

// TaskName is buildkit, with a suffix for another ToolImage.
func (b BuildKit) TaskName() string { return named("buildkit", b.image()) }

// Define declares the task.
func (b BuildKit) Define(t *builder.Task) Image {
	t.Describe("Builds an image as an ordinary user, and pushes it.")
	r := recipe{b.Image, b.Dockerfile, b.Context, b.Mirror, b.Source, b.DockerConfig}
	s, image := r.step(t, "build", b.image().image())
	args := t.ArrayParam("build-args", b.BuildArgs, builder.DefaultArray(),
		builder.Describe("build args, KEY=VALUE"))
	insecure := t.ArrayParam("insecure", b.Insecure, builder.DefaultArray(),
		builder.Describe("registries to reach without checked TLS"))
	extra := t.ArrayParam("extra-args", b.ExtraArgs, builder.DefaultArray(),
		builder.Describe("further arguments of buildctl build"))

	s.Requests("500m", "512Mi").SecurityContext(rootless()).
		// A pod cannot have the /proc that a sandbox of processes takes.
		Env("BUILDKITD_FLAGS", "--oci-worker-no-process-sandbox").
		Env("BUILDCTL_CONNECT_RETRIES_MAX", "60"). // of growing length: 40 s
		Env("MIRROR", r.mirrored(t)).
		Args(args.All(), next, insecure.All(), next, extra.All()).
		Script(buildkitScript)
	return image
}

// rootless is the security context of a step that makes a user namespace and
// mounts in it. newuidmap, which is set-uid, gives it its range of users; the
// profiles that runtimes have for containers would forbid it the mounts.
func rootless() corev1.SecurityContext {
	yes, id := true, int64(1000) // whom the image gives the range to
	return corev1.SecurityContext{
		AllowPrivilegeEscalation: &yes,
		AppArmorProfile:          &corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeUnconfined},
		RunAsNonRoot:             &yes,
		RunAsUser:                &id,
		RunAsGroup:               &id,
		SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeUnconfined},
	}
}

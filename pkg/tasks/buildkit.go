package tasks

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// BuildKit builds an image and pushes it. The BuildKit daemon runs only during the
// build, as a user without privileges; the node must allow user namespaces.
// BuildKit has the same inputs and results as Kaniko, so that one can replace the
// other.
type BuildKit struct {
	// Image is the reference to push the image to, with a tag. Required.
	Image builder.String
	// Push controls whether to push the image. With "false", as for pull requests, it is
	// only built: no credentials to push are needed, and the results are empty.
	// ExtraArgs can still push. Default: "true".
	Push builder.String
	// Dockerfile is the path of the Dockerfile in Source. Default: Dockerfile in
	// Context.
	Dockerfile builder.String
	// Context is the directory of Source that is the build context. Its links are
	// sent as links. Default: all of Source.
	Context builder.String
	// BuildArgs are build arguments, KEY=VALUE: builder.Strings("VERSION=1.2"). They can be
	// read from the image, so do not use them for secrets. Default: none.
	BuildArgs builder.Array
	// ExtraArgs are additional arguments of buildctl build:
	// builder.Strings("--no-cache", "--opt=target=prod"). Never use untrusted
	// values. Default: none.
	ExtraArgs builder.Array
	// Mirror is the URL of a mirror of Docker Hub: https://mirror.example. Default:
	// none.
	Mirror builder.String
	// Insecure lists registries that are used without TLS or without verifying
	// their certificate: builder.Strings("registry.local:5000"). Default: none.
	Insecure builder.Array

	// Source has the build context. It is mounted read-only. Required.
	Source builder.Workspace
	// DockerConfig has config.json or .dockerconfigjson: a Secret of type
	// kubernetes.io/dockerconfigjson. Optional. Default: the Secrets of the run's
	// service account that are annotated with tekton.dev/docker-0 and so on.
	DockerConfig builder.Workspace

	// ToolImage is the image of the step. It must have sh, realpath,
	// buildctl-daemonless.sh with all it starts, and user 1000, like the -rootless
	// images. Default: the image of the catalogue.
	ToolImage string
}

func (b BuildKit) image() choice { return choice{b.ToolImage, buildkitImage} }

// TaskName returns buildkit, with a suffix if the image is not the default.
func (b BuildKit) TaskName() string { return named("buildkit", b.image()) }

// Define declares the task.
func (b BuildKit) Define(t *builder.Task) Image {
	t.Describe("Builds an image with BuildKit as a non-root user and pushes it.")
	r := recipe{b.Image, b.Push, b.Dockerfile, b.Context, b.Mirror, b.Source, b.DockerConfig}
	s, image := r.step(t, b.image().image())
	args := t.ArrayParam("build-args", b.BuildArgs, builder.DefaultArray(),
		builder.Describe("build arguments, KEY=VALUE"))
	insecure := t.ArrayParam("insecure", b.Insecure, builder.DefaultArray(),
		builder.Describe("registries to use without TLS or without verifying certificates"))
	extra := t.ArrayParam("extra-args", b.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of buildctl build"))

	s.Requests("500m", "512Mi").SecurityContext(rootless()).
		// A pod does not allow the /proc mount that the process sandbox needs.
		Env("BUILDKITD_FLAGS", "--oci-worker-no-process-sandbox").
		Env("BUILDCTL_CONNECT_RETRIES_MAX", "60"). // with growing delays: 40 s
		Env("MIRROR", r.mirrored(t)).
		Args(args.All(), next, insecure.All(), next, extra.All()).
		Script(buildkitScript)
	return image
}

// rootless returns the security context of a step that creates a user namespace
// and mounts in it. The range of user IDs is assigned by newuidmap, which is
// setuid. The default profiles of container runtimes would not allow the mounts.
func rootless() corev1.SecurityContext {
	yes, id := true, int64(1000) // which has a range of user IDs in the image
	return corev1.SecurityContext{
		AllowPrivilegeEscalation: &yes,
		AppArmorProfile:          &corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeUnconfined},
		RunAsNonRoot:             &yes,
		RunAsUser:                &id,
		RunAsGroup:               &id,
		SeccompProfile:           &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeUnconfined},
	}
}

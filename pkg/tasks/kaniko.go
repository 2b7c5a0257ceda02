package tasks

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Kaniko builds an image without a daemon and pushes it. It runs as root, which
// kaniko requires, but not privileged.
//
// Upstream archived kaniko in June 2025 and publishes no more versions, so mistakes in
// it are not mended. Prefer [BuildKit], which has the same inputs and results, and
// runs as a user without privileges. Where a node allows no user namespaces, which
// BuildKit needs, set ToolImage to a maintained fork with a shell.
type Kaniko struct {
	// Image is the reference to push the image to, with a tag. Required.
	Image builder.String
	// Push controls whether to push the image. With "false", as for pull requests, it is
	// only built: no credentials to push are needed, and the results are empty.
	// ExtraArgs can still push. Default: "true".
	Push builder.String
	// Dockerfile is the path of the Dockerfile in Source. Default: Dockerfile in
	// Context.
	Dockerfile builder.String
	// Context is the directory of Source that is the build context. Default: all of
	// Source.
	Context builder.String
	// BuildArgs are build arguments, KEY=VALUE: builder.Strings("VERSION=1.2"). They can be
	// read from the image, so do not use them for secrets. Default: none.
	BuildArgs builder.Array
	// ExtraArgs are additional arguments of kaniko's executor:
	// builder.Strings("--cache=true", "--target=prod"). Never use untrusted
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
	// service account that are annotated with tekton.dev/docker-0 and so on. The RUN
	// instructions of the Dockerfile run in the step and can read them.
	DockerConfig builder.Workspace

	// ToolImage is the image of the step. It must have /kaniko/executor, realpath and
	// a shell at /busybox/sh, like the -debug images. Default: the image of the catalogue.
	ToolImage string
}

func (k Kaniko) image() choice { return choice{k.ToolImage, kanikoImage} }

// TaskName returns kaniko, with a suffix if the image is not the default.
func (k Kaniko) TaskName() string { return named("kaniko", k.image()) }

// Define declares the task.
func (k Kaniko) Define(t *builder.Task) Image {
	t.Describe("Builds an image without a daemon and pushes it.")
	r := recipe{k.Image, k.Push, k.Dockerfile, k.Context, k.Mirror, k.Source, k.DockerConfig}
	s, image := r.step(t, k.image().image())
	args := t.ArrayParam("build-args", k.BuildArgs, builder.DefaultArray(),
		builder.Describe("build arguments, KEY=VALUE"))
	insecure := t.ArrayParam("insecure", k.Insecure, builder.DefaultArray(),
		builder.Describe("registries to use without TLS or without verifying certificates"))
	extra := t.ArrayParam("extra-args", k.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of kaniko's executor"))

	root, no := int64(0), false
	s.Requests("500m", "512Mi").
		SecurityContext(corev1.SecurityContext{
			AllowPrivilegeEscalation: &no,
			RunAsNonRoot:             &no,
			RunAsUser:                &root,
		}).
		Env("MIRROR", r.mirrored(t)).
		Args(args.All(), next, insecure.All(), next, extra.All()).
		Script(kanikoScript)
	return image
}

package tasks

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// Kaniko builds an image without a daemon, and pushes it. It runs as root, as
// kaniko must, but not privileged. Upstream archived kaniko in June 2025: set
// ToolImage to follow a fork.
type Kaniko struct {
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
	// ExtraArgs are further arguments of kaniko's executor:
	// builder.Strings("--cache=true", "--target=prod"). They are trusted.
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

	// ToolImage runs the step: /kaniko/executor, and a shell at /busybox/sh as
	// in the -debug images. Default: the catalogue's.
	ToolImage string
}

func (k Kaniko) image() choice { return choice{k.ToolImage, kanikoImage} }

// TaskName is kaniko, with a suffix for another ToolImage.
func (k Kaniko) TaskName() string { return named("kaniko", k.image()) }

// Define declares the task.
func (k Kaniko) Define(t *builder.Task) Image {
	t.Describe("Builds an image without a daemon, and pushes it.")
	r := recipe{k.Image, k.Dockerfile, k.Context, k.Mirror, k.Source, k.DockerConfig}
	s, image := r.step(t, "build", k.image().image())
	args := t.ArrayParam("build-args", k.BuildArgs, builder.DefaultArray(),
		builder.Describe("build args, KEY=VALUE"))
	insecure := t.ArrayParam("insecure", k.Insecure, builder.DefaultArray(),
		builder.Describe("registries to reach without checked TLS"))
	extra := t.ArrayParam("extra-args", k.ExtraArgs, builder.DefaultArray(),
		builder.Describe("further arguments of kaniko's executor"))

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

package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// Buildah builds an image with buildah and pushes it, as a user without privileges and
// without a daemon; the node must allow user namespaces. Layers are copied, as a pod has
// no device for an overlay: BuildKit is faster.
type Buildah struct {
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
	// ExtraArgs are additional arguments of buildah build:
	// builder.Strings("--layers", "--target=prod"). Never use untrusted values.
	// Default: none.
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

	// ToolImage is the image of the step. It must have sh, sed, realpath, buildah, and user
	// 1000 with a range of user IDs. Default: the image of the catalogue.
	ToolImage string
}

func (b Buildah) image() choice { return choice{b.ToolImage, buildahImage} }

// TaskName returns buildah, with a suffix if the image is not the default.
func (b Buildah) TaskName() string { return named("buildah", b.image()) }

// Define declares the task.
func (b Buildah) Define(t *builder.Task) Image {
	t.Describe("Builds an image with buildah as a non-root user and pushes it.")
	r := recipe{b.Image, b.Push, b.Dockerfile, b.Context, b.Mirror, b.Source, b.DockerConfig}
	s, image := r.step(t, b.image().image())
	args := t.ArrayParam("build-args", b.BuildArgs, builder.DefaultArray(),
		builder.Describe("build arguments, KEY=VALUE"))
	insecure := t.ArrayParam("insecure", b.Insecure, builder.DefaultArray(),
		builder.Describe("registries to use without TLS or without verifying certificates"))
	extra := t.ArrayParam("extra-args", b.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of buildah build"))

	s.Requests("500m", "512Mi").SecurityContext(rootless()).
		Env("MIRROR", r.mirrored(t)).
		Args(args.All(), next, insecure.All(), next, extra.All()).
		Script(buildahScript)
	return image
}

package tasks

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
)

// Ko builds a Go program into an image with ko, without a Dockerfile and a daemon, and
// pushes it. The source is mounted read-only.
type Ko struct {
	// Image is the reference to push the image to, with a tag. Required.
	Image builder.String
	// Push controls whether to push the image. With "false", as for pull requests, it is
	// only built: no credentials to push are needed, and the results are empty.
	// ExtraArgs can still push. Default: "true".
	Push builder.String
	// Package is the package of the program: ./cmd/app. Default: the package in
	// Directory.
	Package builder.String
	// BaseImage is the image that the program is added to. Default: that of .ko.yaml
	// or of ko.
	BaseImage builder.String
	// Platforms lists the platforms: builder.Strings("linux/amd64", "linux/arm64").
	// Default: that of the node.
	Platforms builder.Array
	// Insecure controls whether to use the registry without TLS or without verifying
	// its certificate. Default: "false".
	Insecure builder.String
	// ExtraArgs are additional arguments of ko build: builder.Strings("--sbom=none").
	// Never use untrusted values. Default: none.
	ExtraArgs builder.Array
	// Directory is the directory of the module in Source. Default: Source itself.
	Directory builder.String
	// CGO is "0" or "1" (CGO_ENABLED). Default: "0".
	CGO builder.String
	// Proxy is the module proxy (GOPROXY). Default: that of the image.
	Proxy builder.String
	// Private lists modules that are fetched directly from their repositories and
	// are not verified (GOPRIVATE). Default: none.
	Private builder.String
	// SumDB is the checksum database (GOSUMDB); "off" disables verification.
	// Default: that of the image.
	SumDB builder.String

	// Source has the module. In .ko.yaml, templates with .Git do not work. Required.
	Source builder.Workspace
	// Cache keeps downloaded modules and build results between runs. Concurrent runs
	// can share it. Build results cannot be verified, so runs of code that is not
	// trusted need their own: see [CachePath]. Optional.
	Cache builder.Workspace
	// DockerConfig has config.json or .dockerconfigjson: a Secret of type
	// kubernetes.io/dockerconfigjson. Optional. Default: the Secrets of the run's
	// service account that are annotated with tekton.dev/docker-0 and so on.
	DockerConfig builder.Workspace

	// ToolImage is the image of the step. It must have sh, find, realpath, go and ko.
	// Default: the image of the catalogue.
	ToolImage string
}

func (k Ko) image() choice { return choice{k.ToolImage, koImage} }

// TaskName returns ko, with a suffix if the image is not the default.
func (k Ko) TaskName() string { return named("ko", k.image()) }

// Define declares the task.
func (k Ko) Define(t *builder.Task) Image {
	t.Describe("Builds a Go program into an image with ko and pushes it.").
		Annotate(check.Suppress(check.TLSOff), "only with the input insecure, which is false by default")
	source := t.Workspace("source", k.Source, builder.ReadOnly(), builder.Describe("the module"))
	login := t.Workspace("docker-config", k.DockerConfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("registry credentials: config.json or .dockerconfigjson"))
	digest := t.Result("IMAGE_DIGEST", builder.Describe("digest of the image"))
	url := t.Result("IMAGE_URL", builder.Describe("reference that the image was pushed to"))
	reference := t.Result("IMAGE_REFERENCE", builder.Describe("the image by its digest"))
	s := toolchain{directory: k.Directory, cgo: k.CGO, proxy: k.Proxy, private: k.Private, sumDB: k.SumDB, cache: k.Cache}.
		step(t, "build", k.image().image()).
		Env("IMAGE", t.Param("image", k.Image, builder.Describe("reference to push the image to"))).
		Env("PUSH", pushed(t, k.Push)).
		Env("PACKAGE", t.Param("package", k.Package, builder.Default("."),
			builder.Describe("package of the program"))).
		Env("BASE_IMAGE", t.Param("base-image", k.BaseImage, builder.Default(""),
			builder.Describe("image that the program is added to; empty for that of ko"))).
		Env("INSECURE", t.Param("insecure", k.Insecure, builder.Default("false"),
			builder.Describe("true to use the registry without TLS or without verifying its certificate"))).
		Env("SOURCE", source.PathValue())
	bind(s, "DOCKER_CONFIG", login)
	platforms := t.ArrayParam("platforms", k.Platforms, builder.DefaultArray(),
		builder.Describe("platforms to build for, OS/ARCHITECTURE"))
	extra := t.ArrayParam("extra-args", k.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of ko build"))
	s.Env("RESULT_DIGEST", digest.PathValue()).
		Env("RESULT_URL", url.PathValue()).
		Env("RESULT_REFERENCE", reference.PathValue()).
		Args(platforms.All(), next, extra.All()).
		Script(koScript)
	return Image{t.PipelineTask(), digest.Value(), url.Value(), reference.Value()}
}

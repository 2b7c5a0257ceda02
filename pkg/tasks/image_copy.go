package tasks

import (
	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
)

// ImageCopy copies an image with all its platforms to another repository or tag, for
// example to promote what was tested. The copy has the same digest.
//
//	builder.Add(p, "promote", tasks.ImageCopy{
//		From: "registry.example.com/staging/app@" + img.Digest, To: "registry.example.com/prod/app:" + version,
//	})
type ImageCopy struct {
	// From is the reference of the image, with a digest. A tag before the digest is
	// ignored. Required.
	From builder.String
	// To is the reference to copy the image to, with a tag. Default of the tag: latest.
	// Required.
	To builder.String
	// FromInsecure controls whether to use the registry of From without TLS or without
	// verifying its certificate. Default: "false".
	FromInsecure builder.String
	// ToInsecure does the same for the registry of To. Default: "false".
	ToInsecure builder.String

	// DockerConfig has config.json or .dockerconfigjson for both registries: a Secret
	// of type kubernetes.io/dockerconfigjson. Optional. Default: the Secrets of the
	// run's service account that are annotated with tekton.dev/docker-0 and so on.
	DockerConfig builder.Workspace

	// ToolImage is the image of the step. It must have sh and skopeo. Default: the
	// image of the catalogue.
	ToolImage string
}

// Copied is the output of ImageCopy.
type Copied struct {
	*builder.PipelineTask
	// Digest is the digest of both images, sha256:….
	Digest builder.String
	// Reference is the repository of the copy with the digest.
	Reference builder.String
}

func (i ImageCopy) image() choice { return choice{i.ToolImage, skopeoImage} }

// TaskName returns image-copy, with a suffix if the image is not the default.
func (i ImageCopy) TaskName() string { return named("image-copy", i.image()) }

// Define declares the task.
func (i ImageCopy) Define(t *builder.Task) Copied {
	t.Describe("Copies an image by its digest to another repository or tag.").
		Annotate(check.Suppress(check.TLSOff), "only with the inputs from-insecure and to-insecure, which are false by default")
	login := t.Workspace("docker-config", i.DockerConfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("registry credentials: config.json or .dockerconfigjson"))
	digest := t.Result("digest", builder.Describe("digest of the image"))
	reference := t.Result("reference", builder.Describe("repository of the copy with the digest"))
	s := t.Step("copy").Image(i.image().image()).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("FROM", t.Param("from", i.From, builder.Describe("reference of the image, with a digest"))).
		Env("TO", t.Param("to", i.To, builder.Describe("reference to copy the image to"))).
		Env("FROM_INSECURE", t.Param("from-insecure", i.FromInsecure, builder.Default("false"),
			builder.Describe("true to use the first registry without TLS or without verifying its certificate"))).
		Env("TO_INSECURE", t.Param("to-insecure", i.ToInsecure, builder.Default("false"),
			builder.Describe("true to use the second registry without TLS or without verifying its certificate")))
	bind(s, "DOCKER_CONFIG", login)
	s.Env("RESULT_DIGEST", digest.PathValue()).
		Env("RESULT_REFERENCE", reference.PathValue()).
		Script(imageCopyScript)
	return Copied{t.PipelineTask(), digest.Value(), reference.Value()}
}

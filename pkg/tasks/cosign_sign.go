package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// CosignSign signs an image with cosign, which adds the signature to the repository of
// the image. The key is in a Secret, or there is none: with an identity token, cosign
// gets a certificate for the identity from Fulcio.
//
//	signed := builder.Add(p, "sign", tasks.CosignSign{Image: img.URL + "@" + img.Digest, Key: key})
//	builder.Add(p, "promote", tasks.ImageCopy{From: signed.Reference, To: "registry.example.com/prod/app:1"})
//
// Use it for images that this pipeline has not built. Tekton Chains signs those that it
// has built, and records how.
type CosignSign struct {
	// Image is the reference of the image, with a digest. Required.
	Image builder.String
	// Annotations are signed with the image, KEY=VALUE. Default: none.
	Annotations builder.Array
	// TransparencyLog controls whether to record the signature in the log Rekor, which
	// anyone can read. It is required without a Key. Default: "true".
	TransparencyLog builder.String
	// Recursive controls whether to sign the images of all platforms, too. Default:
	// "false".
	Recursive builder.String
	// Insecure controls whether to use the registry without TLS or without verifying
	// its certificate. Default: "false".
	Insecure builder.String
	// ExtraArgs are additional arguments of cosign sign:
	// builder.Strings("--rekor-url=https://rekor.example.com"). Never use untrusted
	// values. Default: none.
	ExtraArgs builder.Array

	// Key has cosign.key, and cosign.password if the key is encrypted, as cosign
	// generate-key-pair k8s://NAMESPACE/NAME writes them. Either Key or Identity is
	// required.
	Key builder.Workspace
	// Identity has a file named token with an OpenID Connect token that Fulcio accepts,
	// such as a projected token of a service account with the audience sigstore.
	Identity builder.Workspace
	// DockerConfig has config.json or .dockerconfigjson: a Secret of type
	// kubernetes.io/dockerconfigjson. Optional. Default: the Secrets of the run's
	// service account that are annotated with tekton.dev/docker-0 and so on.
	DockerConfig builder.Workspace

	// ToolImage is the image of the step. It must have /busybox/sh and cosign 2, like
	// the -dev images. Default: the image of the catalogue.
	ToolImage string
}

// Signed is the output of CosignSign.
type Signed struct {
	*builder.PipelineTask
	// Reference is the reference of the signed image, with the digest and without a tag.
	Reference builder.String
}

func (c CosignSign) image() choice { return choice{c.ToolImage, cosignImage} }

// TaskName returns cosign-sign, with a suffix if the image is not the default.
func (c CosignSign) TaskName() string { return named("cosign-sign", c.image()) }

// Define declares the task.
func (c CosignSign) Define(t *builder.Task) Signed {
	t.Describe("Signs an image with cosign.")
	key := t.Workspace("key", c.Key, builder.Optional(), builder.ReadOnly(),
		builder.Describe("cosign.key and, if it is encrypted, cosign.password"))
	identity := t.Workspace("identity", c.Identity, builder.Optional(), builder.ReadOnly(),
		builder.Describe("OpenID Connect token of the signer: token"))
	login := t.Workspace("docker-config", c.DockerConfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("registry credentials: config.json or .dockerconfigjson"))
	reference := t.Result("reference", builder.Describe("reference of the signed image, with the digest"))
	s := t.Step("sign").Image(c.image().image()).
		Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("HOME", home).
		Env("IMAGE", t.Param("image", c.Image, builder.Describe("reference of the image, with a digest"))).
		Env("TRANSPARENCY_LOG", t.Param("transparency-log", c.TransparencyLog, builder.Default("true"),
			builder.Describe("true to record the signature in the log Rekor"))).
		Env("RECURSIVE", t.Param("recursive", c.Recursive, builder.Default("false"),
			builder.Describe("true to sign the images of all platforms, too"))).
		Env("INSECURE", t.Param("insecure", c.Insecure, builder.Default("false"),
			builder.Describe("true to use the registry without TLS or without verifying its certificate")))
	bind(s, "KEY", key)
	bind(s, "IDENTITY", identity)
	bind(s, "DOCKER_CONFIG", login)
	annotations := t.ArrayParam("annotations", c.Annotations, builder.DefaultArray(),
		builder.Describe("annotations to sign with the image, KEY=VALUE"))
	extra := t.ArrayParam("extra-args", c.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of cosign sign"))
	s.Env("RESULT_REFERENCE", reference.PathValue()).
		Args(annotations.All(), next, extra.All()).
		Script(cosignSignScript)
	return Signed{t.PipelineTask(), reference.Value()}
}

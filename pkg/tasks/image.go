package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// Image is the output of DockerBuild, Kaniko, BuildKit, Buildah and Ko. If Push is "false",
// the results are empty, and Tekton Chains signs nothing: the image is in no registry. A
// task that needs one is skipped with
//
//	promote.When(image.Digest.NotIn(""))
type Image struct {
	*builder.PipelineTask
	// Digest is the digest of the pushed image, sha256:…. It is the result
	// IMAGE_DIGEST, which Tekton Chains signs.
	Digest builder.String
	// URL is the reference that the image was pushed to. It is the result IMAGE_URL.
	URL builder.String
	// Reference is the image by its digest: URL@Digest. It is the result IMAGE_REFERENCE,
	// which names the image and its digest together. A deploy can use it, and of a
	// matrix, which has no fixed order, it is the one to collect.
	Reference builder.String
}

// recipe is the inputs that all tasks that build an image have.
type recipe struct {
	image, push, dockerfile, context, mirror builder.String
	source, dockerConfig                     builder.Workspace
}

// step adds the step build with these inputs in its environment.
func (r recipe) step(t *builder.Task, image builder.TaskString) (*builder.Step, Image) {
	source := t.Workspace("source", r.source, builder.ReadOnly(), builder.Describe("the build context"))
	login := t.Workspace("docker-config", r.dockerConfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("registry credentials: config.json or .dockerconfigjson"))
	digest := t.Result("IMAGE_DIGEST", builder.Describe("digest of the image"))
	url := t.Result("IMAGE_URL", builder.Describe("reference that the image was pushed to"))
	reference := t.Result("IMAGE_REFERENCE", builder.Describe("the image by its digest"))
	s := t.Step("build").Image(image).
		Env("HOME", home).
		Env("IMAGE", t.Param("image", r.image, builder.Describe("reference to push the image to"))).
		Env("PUSH", pushed(t, r.push)).
		Env("DOCKERFILE", t.Param("dockerfile", r.dockerfile, builder.Default(""),
			builder.Describe("path of the Dockerfile in the source; empty for Dockerfile in the context"))).
		Env("CONTEXT", t.Param("context", r.context, builder.Default("."),
			builder.Describe("directory of the source that is the build context"))).
		Env("SOURCE", source.PathValue())
	bind(s, "DOCKER_CONFIG", login)
	s.Env("RESULT_DIGEST", digest.PathValue()).Env("RESULT_URL", url.PathValue()).
		Env("RESULT_REFERENCE", reference.PathValue())
	return s, Image{t.PipelineTask(), digest.Value(), url.Value(), reference.Value()}
}

// pushed declares whether to push the image.
func pushed(t *builder.Task, push builder.String) builder.TaskString {
	return t.Param("push", push, builder.Default("true"),
		builder.Describe("true to push the image; false to build it only, with empty results"))
}

// mirrored declares the mirror, which the daemon uses in one task and the builder
// in the others.
func (r recipe) mirrored(t *builder.Task) builder.TaskString {
	return t.Param("mirror", r.mirror, builder.Default(""), builder.Describe("URL of a mirror of Docker Hub"))
}

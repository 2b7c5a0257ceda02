package tasks

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
)

// DockerBuild builds an image with a Docker daemon in a sidecar, and pushes it.
// The daemon is privileged and runs only as long as the task. The step connects to
// it over TLS and is not privileged.
type DockerBuild struct {
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
	// ExtraArgs are additional arguments of docker build:
	// builder.Strings("--no-cache", "--target=prod"). Never use untrusted
	// values. Default: none.
	ExtraArgs builder.Array
	// Mirror is the URL of a mirror of Docker Hub: https://mirror.example. Default:
	// none.
	Mirror builder.String
	// Insecure lists registries that are used without TLS or without verifying
	// their certificate: builder.Strings("registry.local:5000"). Default: none.
	Insecure builder.Array
	// StorageDriver is the storage driver of the daemon: overlay2, fuse-overlayfs
	// or vfs. Default: chosen by the daemon.
	StorageDriver builder.String

	// Source has the build context. It is mounted read-only. Required.
	Source builder.Workspace
	// DockerConfig has config.json or .dockerconfigjson: a Secret of type
	// kubernetes.io/dockerconfigjson. Optional. Default: the Secrets of the run's
	// service account that are annotated with tekton.dev/docker-0 and so on.
	DockerConfig builder.Workspace

	// ToolImage is the image of the step. It must have sh, realpath and the docker
	// client. Default: the image of the catalogue.
	ToolImage string
	// DaemonImage is the image of the sidecar. It must have sh, the docker client
	// and daemon, and the entrypoint dockerd-entrypoint.sh. Default: the image of
	// the catalogue.
	DaemonImage string
}

func (d DockerBuild) client() choice { return choice{d.ToolImage, dockerImage} }
func (d DockerBuild) daemon() choice { return choice{d.DaemonImage, daemonImage} }

// TaskName returns docker-build, with a suffix if an image is not the
// default.
func (d DockerBuild) TaskName() string { return named("docker-build", d.client(), d.daemon()) }

// Define declares the task.
func (d DockerBuild) Define(t *builder.Task) Image {
	t.Describe("Builds an image with a Docker daemon in a sidecar and pushes it.").
		Annotate(check.Suppress(check.Privileged), "a Docker daemon creates namespaces and mounts; it runs only as long as the task")
	certs, data := t.EmptyDir("certs"), t.EmptyDir("docker-data")
	r := recipe{d.Image, d.Push, d.Dockerfile, d.Context, d.Mirror, d.Source, d.DockerConfig}
	s, image := r.step(t, d.client().image())
	args := t.ArrayParam("build-args", d.BuildArgs, builder.DefaultArray(),
		builder.Describe("build arguments, KEY=VALUE"))
	extra := t.ArrayParam("extra-args", d.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of docker build"))
	insecure := t.ArrayParam("insecure", d.Insecure, builder.DefaultArray(),
		builder.Describe("registries to use without TLS or without verifying certificates"))

	s.Requests("100m", "128Mi").SecurityContext(unprivileged()).
		Env("DOCKER_HOST", "tcp://localhost:2376").
		Env("DOCKER_TLS_VERIFY", "1").
		Env("DOCKER_CERT_PATH", "/certs/client").
		Mount(certs, "/certs").
		Args(args.All(), next, extra.All()).
		Script(dockerBuildScript)
	t.Sidecar("daemon").Image(d.daemon().image()).Privileged().
		Requests("500m", "512Mi").
		Env("DOCKER_TLS_CERTDIR", "/certs").
		Env("MIRROR", r.mirrored(t)).
		Env("STORAGE_DRIVER", t.Param("storage-driver", d.StorageDriver, builder.Default(""),
			builder.Describe("storage driver of the daemon; if empty, the daemon chooses one"))).
		Mount(certs, "/certs").
		Mount(data, "/var/lib/docker").
		Ready(corev1.Probe{
			ProbeHandler:   corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"docker", "version"}}},
			PeriodSeconds:  2,
			TimeoutSeconds: 5,
		}).
		Args(insecure.All()).
		Script(dockerDaemonScript)
	return image
}

package tasks

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/rule"
)

// DockerBuild builds an image with a Docker daemon in a sidecar, and pushes
// it. The daemon is privileged and lives as long as the task; the step talks
// to it over TLS, unprivileged.
type DockerBuild struct {
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
	// ExtraArgs are further arguments of docker build:
	// builder.Strings("--no-cache", "--target=prod"). They are trusted.
	// Default: none.
	ExtraArgs builder.Array
	// Mirror of Docker Hub that the daemon pulls from: https://mirror.example.
	// Default: none.
	Mirror builder.String
	// Insecure lists registries that the daemon may reach without TLS or with a
	// certificate that it cannot check: builder.Strings("registry.local:5000").
	// Default: none.
	Insecure builder.Array
	// StorageDriver of the daemon: overlay2, fuse-overlayfs, vfs. Default: what
	// the daemon finds best.
	StorageDriver builder.String

	// Source holds the build's context. Required; it is only read.
	Source builder.Workspace
	// DockerConfig holds config.json or .dockerconfigjson: a Secret of type
	// kubernetes.io/dockerconfigjson. Optional: a Secret that the run's account
	// lists, annotated with tekton.dev/docker-0, serves as well.
	DockerConfig builder.Workspace

	// ToolImage runs the step: sh and docker's client. Default: the catalogue's.
	ToolImage string
	// DaemonImage runs the sidecar: sh, docker's client and daemon, and the
	// entry point dockerd-entrypoint.sh. Default: the catalogue's.
	DaemonImage string
}

func (d DockerBuild) client() choice { return choice{d.ToolImage, dockerImage} }
func (d DockerBuild) daemon() choice { return choice{d.DaemonImage, daemonImage} }

// TaskName is docker-build, with a suffix for another ToolImage or DaemonImage.
func (d DockerBuild) TaskName() string { return named("docker-build", d.client(), d.daemon()) }

// Define declares the task.
func (d DockerBuild) Define(t *builder.Task) Image {
	t.Describe("Builds an image with a Docker daemon in a sidecar, and pushes it.").
		Annotate(rule.SuppressPrefix+check.Privileged, "a Docker daemon makes namespaces and mounts; it lives and dies with the task")
	certs, data := t.EmptyDir("certs"), t.EmptyDir("docker-data")
	r := recipe{d.Image, d.Dockerfile, d.Context, d.Mirror, d.Source, d.DockerConfig}
	s, image := r.step(t, "build", d.client().image())
	args := t.ArrayParam("build-args", d.BuildArgs, builder.DefaultArray(),
		builder.Describe("build args, KEY=VALUE"))
	extra := t.ArrayParam("extra-args", d.ExtraArgs, builder.DefaultArray(),
		builder.Describe("further arguments of docker build"))
	insecure := t.ArrayParam("insecure", d.Insecure, builder.DefaultArray(),
		builder.Describe("registries to reach without checked TLS"))

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
			builder.Describe("storage driver of the daemon; empty for its own choice"))).
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

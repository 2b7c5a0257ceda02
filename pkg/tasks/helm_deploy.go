package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// HelmDeploy installs a Helm release, or upgrades it. When the deploy fails
// the task fails, and the release stays as it is for HelmRollback in finally:
//
//	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "app", Namespace: "prod"}).
//		When(deploy.Status().In(builder.Failed))
type HelmDeploy struct {
	// Chart is a path in Source, an oci:// or https:// reference, or, with
	// Repository, a name. Required.
	Chart builder.String
	// Repository is the URL of the chart repository that Chart is in. Default:
	// none.
	Repository builder.String
	// Version of the chart, for one that is not in Source. Default: the newest.
	Version builder.String
	// Release is the release's name. Required.
	Release builder.String
	// Namespace of the release. Required.
	Namespace builder.String
	// CreateNamespace says whether to make the namespace where it is missing,
	// which takes more rights than a namespace can give. Default: "false".
	CreateNamespace builder.String
	// Values lists files of values in Source, or their https:// URLs. Later ones
	// win. Default: none.
	Values builder.Array
	// Set lists values as key=value, one in an item, typed as helm --set does:
	// builder.Strings("replicas=3", "image.digest="+img.Digest). A comma is part
	// of the value, so that no input can set a second key. Default: none.
	Set builder.Array
	// SetString lists values like Set that are strings whatever they look like:
	// builder.Strings("build=00123"). Default: none.
	SetString builder.Array
	// Wait says whether to wait until the objects are ready, and to fail if they
	// do not become so. Default: "true".
	Wait builder.String
	// Timeout is how long to wait, as in "90s". Default: "5m".
	Timeout builder.String
	// ExtraArgs are further arguments of helm upgrade:
	// builder.Strings("--reset-values", "--set=hosts={a,b}"). They are trusted.
	// Default: none.
	ExtraArgs builder.Array

	// Source holds the chart and the values. Required where they are paths; it
	// is only read.
	Source builder.Workspace
	// Kubeconfig holds config, kubeconfig or value, for another cluster or
	// account. Optional: the default is the pod's own account.
	Kubeconfig builder.Workspace
	// DockerConfig holds config.json or .dockerconfigjson, for charts in an OCI
	// registry that asks who pulls. Optional.
	DockerConfig builder.Workspace

	// Rights are what the pod's account needs beyond Helm's storage and the
	// common kinds (see the package's documentation), for charts with others.
	Rights []rbacv1.PolicyRule
	// ToolImage runs the script: sh and helm. Default: the catalogue's.
	ToolImage string
}

// Deployed is what HelmDeploy leaves behind.
type Deployed struct {
	*builder.PipelineTask
	// ReleaseStatus is Helm's word for the revision's state: deployed, or failed
	// if the deploy did. The result status.
	ReleaseStatus builder.String
	// Revision is the number of the revision that the deploy made.
	Revision builder.String
}

func (h HelmDeploy) image() choice { return choice{h.ToolImage, helmImage} }

// TaskName is helm-deploy, with a suffix for another ToolImage.
func (h HelmDeploy) TaskName() string { return named("helm-deploy", h.image()) }

// Define declares the task.
func (h HelmDeploy) Define(t *builder.Task) Deployed {
	t.Describe("Installs a Helm release, or upgrades it.")
	source := t.Workspace("source", h.Source, builder.Optional(), builder.ReadOnly(),
		builder.Describe("holds the chart and the values"))
	login := t.Workspace("docker-config", h.DockerConfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("config.json or .dockerconfigjson, the registries' credentials"))
	status := t.Result("status", builder.Describe("Helm's word for the state of the revision"))
	revision := t.Result("revision", builder.Describe("number of the revision"))

	s := target{h.Release, h.Namespace, h.Wait, h.Timeout, h.Kubeconfig, h.Rights}.
		step(t, "deploy", h.image().image()).
		Env("CHART", t.Param("chart", h.Chart,
			builder.Describe("path in the source, oci:// or https:// reference, or name in the repository"))).
		Env("REPOSITORY", t.Param("repository", h.Repository, builder.Default(""),
			builder.Describe("URL of the chart repository"))).
		Env("VERSION", t.Param("version", h.Version, builder.Default(""),
			builder.Describe("version of the chart; empty for the newest"))).
		Env("CREATE_NAMESPACE", t.Param("create-namespace", h.CreateNamespace, builder.Default("false"),
			builder.Describe("true to make the namespace where it is missing")))
	values := t.ArrayParam("values", h.Values, builder.DefaultArray(),
		builder.Describe("files of values in the source"))
	set := t.ArrayParam("set", h.Set, builder.DefaultArray(),
		builder.Describe("values, key=value, typed as they look"))
	texts := t.ArrayParam("set-string", h.SetString, builder.DefaultArray(),
		builder.Describe("values, key=value, all strings"))
	extra := t.ArrayParam("extra-args", h.ExtraArgs, builder.DefaultArray(),
		builder.Describe("further arguments of helm upgrade"))

	s.Env("SOURCE_BOUND", source.Bound()).Env("SOURCE", source.PathValue())
	bind(s, "DOCKER_CONFIG", login)
	s.Env("RESULT_STATUS", status.PathValue()).
		Env("RESULT_REVISION", revision.PathValue()).
		Args(values.All(), next, set.All(), next, texts.All(), next, extra.All()).
		Script(helmDeployScript)
	return Deployed{t.PipelineTask(), status.Value(), revision.Value()}
}

package tasks

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/tekwright/tekwright/pkg/builder"
)

// HelmDeploy installs or upgrades a Helm release. If that fails, the task fails. It
// does not roll back; use HelmRollback in a finally task:
//
//	builder.AddFinally(p, "rollback", tasks.HelmRollback{Release: "app", Namespace: "prod"}).
//		When(deploy.Status().In(builder.Failed))
type HelmDeploy struct {
	// Chart is a path in Source, an oci:// or https:// reference, or, with
	// Repository, the name of a chart. The values are validated against the schemas of a
	// chart in Source only if none can refer to another document, which helm would open.
	// The schemas of other charts are not checked. Required.
	Chart builder.String
	// Repository is the URL of the chart repository that Chart is in, without a user.
	// Default: none.
	Repository builder.String
	// Version is the version of a chart that is not in Source. Default: the latest.
	Version builder.String
	// Release is the name of the release. Required.
	Release builder.String
	// Namespace is the namespace of the release. Required.
	Namespace builder.String
	// CreateNamespace controls whether to create the namespace if it does not exist. This
	// requires cluster-wide permissions, which the task does not declare. Default:
	// "false".
	CreateNamespace builder.String
	// Values lists values files in Source, or their https:// URLs. Later files take
	// precedence. Default: none.
	Values builder.Array
	// Set lists values as key=value, with the types of helm --set:
	// builder.Strings("replicas=3", "image.digest="+img.Digest). A comma is part of
	// the value, so that an input cannot set a second key. Default: none.
	Set builder.Array
	// SetString lists values like Set that are always strings, even with braces:
	// builder.Strings("build=00123"). Default: none.
	SetString builder.Array
	// Wait controls whether to wait until the objects are ready, and to fail if they do
	// not become ready. Default: "true".
	Wait builder.String
	// Timeout is how long to wait, such as "90s". Default: "5m".
	Timeout builder.String
	// ExtraArgs are additional arguments of helm upgrade:
	// builder.Strings("--reset-values", "--set=hosts={a,b}"). Never use untrusted
	// values. Default: none.
	ExtraArgs builder.Array

	// Source has the chart and the values files. It is mounted read-only. Required
	// if Chart or Values are paths.
	Source builder.Workspace
	// Kubeconfig has a kubeconfig named config, kubeconfig or value, to use another
	// cluster or service account. Optional. Default: the pod's service account.
	Kubeconfig builder.Workspace
	// DockerConfig has config.json or .dockerconfigjson, for charts in an OCI
	// registry that requires credentials. Optional.
	DockerConfig builder.Workspace

	// Permissions are all that the pod's service account may do in the namespace, for
	// the kinds of objects that the chart has: see [HelmRules]. Default: those in the
	// package documentation.
	Permissions []rbacv1.PolicyRule
	// ToolImage is the image of the step. It must have sh, find, realpath and helm.
	// Default: the image of the catalogue.
	ToolImage string
}

// Deployed is the output of HelmDeploy.
type Deployed struct {
	*builder.PipelineTask
	// ReleaseStatus is the status of the revision in Helm: deployed or failed. It is
	// the result status.
	ReleaseStatus builder.String
	// Revision is the number of the revision that the task created.
	Revision builder.String
}

func (h HelmDeploy) image() choice { return choice{h.ToolImage, helmImage} }

// TaskName returns helm-deploy, with a suffix if the image is not the default.
func (h HelmDeploy) TaskName() string { return named("helm-deploy", h.image()) }

// Define declares the task.
func (h HelmDeploy) Define(t *builder.Task) Deployed {
	t.Describe("Installs or upgrades a Helm release.")
	source := t.Workspace("source", h.Source, builder.Optional(), builder.ReadOnly(),
		builder.Describe("the chart and the values files"))
	login := t.Workspace("docker-config", h.DockerConfig, builder.Optional(), builder.ReadOnly(),
		builder.Describe("registry credentials: config.json or .dockerconfigjson"))
	status := t.Result("status", builder.Describe("status of the revision in Helm"))
	revision := t.Result("revision", builder.Describe("number of the revision"))

	s := target{h.Release, h.Namespace, h.Wait, h.Timeout, h.Kubeconfig, h.Permissions}.
		step(t, "deploy", h.image().image()).
		Env("CHART", t.Param("chart", h.Chart,
			builder.Describe("path in the source, oci:// or https:// reference, or name in the repository"))).
		Env("REPOSITORY", t.Param("repository", h.Repository, builder.Default(""),
			builder.Describe("URL of the chart repository"))).
		Env("VERSION", t.Param("version", h.Version, builder.Default(""),
			builder.Describe("version of the chart; empty for the latest"))).
		Env("CREATE_NAMESPACE", t.Param("create-namespace", h.CreateNamespace, builder.Default("false"),
			builder.Describe("true to create the namespace if it does not exist")))
	values := t.ArrayParam("values", h.Values, builder.DefaultArray(),
		builder.Describe("values files in the source, or their URLs"))
	set := t.ArrayParam("set", h.Set, builder.DefaultArray(),
		builder.Describe("values, key=value, with the types of helm --set"))
	texts := t.ArrayParam("set-string", h.SetString, builder.DefaultArray(),
		builder.Describe("string values, key=value"))
	extra := t.ArrayParam("extra-args", h.ExtraArgs, builder.DefaultArray(),
		builder.Describe("additional arguments of helm upgrade"))

	s.Env("SOURCE_BOUND", source.Bound()).Env("SOURCE", source.PathValue())
	bind(s, "DOCKER_CONFIG", login)
	s.Env("RESULT_STATUS", status.PathValue()).
		Env("RESULT_REVISION", revision.PathValue()).
		Args(values.All(), next, set.All(), next, texts.All(), next, extra.All()).
		Script(helmDeployScript)
	return Deployed{t.PipelineTask(), status.Value(), revision.Value()}
}

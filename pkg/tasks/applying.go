package tasks

import "github.com/tekwright/tekwright/pkg/builder"

// applying is the inputs that all tasks that apply manifests have.
type applying struct {
	serverSide, dryRun, timeout builder.String
	source, kubeconfig          builder.Mount
}

// inputs adds these inputs to the environment of a step.
func (a applying) inputs(t *builder.Task, s *builder.Step) {
	s.Env("SERVER_SIDE", t.Param("server-side", a.serverSide, builder.Default("true"),
		builder.Describe("true for server-side apply"))).
		Env("DRY_RUN", t.Param("dry-run", a.dryRun, builder.Default("false"),
			builder.Describe("true to check the objects without persisting them"))).
		Env("TIMEOUT", t.Param("timeout", a.timeout, builder.Default("5m"),
			builder.Describe("how long to wait for each rollout, such as 5m or 90s"))).
		Env("SOURCE", a.source.PathValue())
	bind(s, "KUBECONFIG", a.kubeconfig)
}

// kubeconfigOf declares the workspace with the kubeconfig.
func kubeconfigOf(t *builder.Task, w builder.Workspace) builder.Mount {
	return t.Workspace("kubeconfig", w, builder.Optional(), builder.ReadOnly(),
		builder.Describe("kubeconfig of the cluster to deploy to: config, kubeconfig or value"))
}

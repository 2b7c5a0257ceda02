package practice

import (
	_ "embed"
	"path"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"

	"github.com/tekwright/tekwright/internal/facts"
	"github.com/tekwright/tekwright/internal/phrase"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/rule"
)

//go:embed host-access.md
var hostAccessText string

var hostAccess = &rule.Rule{
	Code:     "host-access",
	Severity: diag.Warning,
	Topic:    "practice",
	Text:     hostAccessText,
	Kinds:    rule.TaskSpecKinds,
	Needs:    []rule.Fact{rule.Objects},
	Run: func(p *rule.Pass) {
		for _, t := range p.Entry.TaskSpecs() {
			hostVolumes(p, t.Spot, t.Spec.Volumes)
		}
		p.Entry.EachPodTemplate(func(s facts.Spot, t *pod.PodTemplate) {
			if t.HostNetwork {
				p.Warning(s.Field("hostNetwork"), "hostNetwork", "hostNetwork gives the pods the network of their node: they reach its localhost, and no NetworkPolicy applies to them",
					"remove hostNetwork"+allowed("host-access"))
			}
			hostVolumes(p, s, t.Volumes)
		})
	},
}

// hostVolumes reports volumes that are directories of the node.
func hostVolumes(p *rule.Pass, s facts.Spot, volumes []corev1.Volume) {
	for i := range volumes {
		v := &volumes[i]
		h := v.HostPath
		if h == nil {
			continue
		}
		message := "volume " + phrase.Quote(v.Name) + " mounts host path " + phrase.Quote(h.Path) + ", which the baseline Pod Security Standard forbids and whose contents depend on the node"
		help := "use a workspace" + allowed("host-access")
		if isSocket(h.Path) {
			message = "volume " + phrase.Quote(v.Name) + " is the socket of the node's container engine: a step that mounts it has root access to the node"
			help = "build with rootless BuildKit, Kaniko or Buildah, or run your own daemon in a sidecar"
		}
		p.Warning(s.Index("volumes", i).Field("hostPath", "path"), v.Name, message, help)
	}
}

// isSocket reports whether a file is the socket of a container engine.
func isSocket(file string) bool {
	switch path.Base(file) {
	case "docker.sock", "containerd.sock", "crio.sock", "podman.sock", "buildkitd.sock":
		return true
	}
	return false
}

package check

import (
	"path"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"
)

// baseline are the capabilities that the Pod Security level baseline lets a
// container add.
var baseline = []corev1.Capability{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}

// privileged warns of a container that may do as it likes on its node. That it
// runs as root is no such thing: most images do, said or not.
func (w *workload) privileged() {
	sc, s := w.security, w.spot.field("securityContext")
	if sc == nil {
		return
	}
	if sc.Privileged != nil && *sc.Privileged {
		w.warn(s.field("privileged"), "privileged", "", w.label+" is privileged: whoever can change what it runs has the node, and all that runs there",
			"use a tool that needs no such rights (BuildKit rootless, Kaniko, Buildah), or say in the annotation "+Silence+"privileged why it must be")
		return // it has all capabilities
	}
	if sc.Capabilities == nil {
		return
	}
	for i, name := range sc.Capabilities.Add {
		if isCapability(string(name)) && !slices.Contains(baseline, corev1.Capability(strings.TrimPrefix(string(name), "CAP_"))) {
			w.warn(s.field("capabilities").index("add", i), "privileged", string(name), w.label+" adds the capability "+q(string(name))+", which the Pod Security level baseline refuses",
				"drop it, or say in the annotation "+Silence+"privileged why it must be")
			return
		}
	}
}

// hostVolumes warns of volumes that are folders of the node.
func (c *checker) hostVolumes(s spot, volumes []corev1.Volume) {
	for i := range volumes {
		h := volumes[i].HostPath
		if h == nil {
			continue
		}
		message := "volume " + q(volumes[i].Name) + " is " + q(h.Path) + " of the node: the Pod Security level baseline refuses it, and what is there depends on the node"
		help := "use a workspace, or say in the annotation " + Silence + "host-access why it must be"
		if isSocket(h.Path) {
			message = "volume " + q(volumes[i].Name) + " is the socket of the node's container engine: who reaches it is root on the node"
			help = "build with BuildKit rootless, Kaniko or Buildah, or run a daemon of your own in a sidecar"
		}
		c.warn(s.index("volumes", i).field("hostPath.path"), "host-access", volumes[i].Name, message, help)
	}
}

func isSocket(p string) bool {
	switch path.Base(p) {
	case "docker.sock", "containerd.sock", "crio.sock", "podman.sock", "buildkitd.sock":
		return true
	}
	return false
}

// hostTemplate looks at what a run adds to its pods.
func (c *checker) hostTemplate(s spot, t *pod.Template) {
	if t == nil {
		return
	}
	if t.HostNetwork {
		c.warn(s.field("hostNetwork"), "host-access", "hostNetwork", "the pods use the network of their node: they reach what listens there on localhost, and no NetworkPolicy holds for them",
			"drop hostNetwork, or say in the annotation "+Silence+"host-access why it must be")
	}
	c.hostVolumes(s, t.Volumes)
}

// daemonVolume warns of a container engine that keeps its data on a claim:
// every run mounts the same one, and two engines at once spoil it.
func (w *workload) daemonVolume() {
	for i := range w.mounts {
		m := &w.mounts[i]
		switch path.Clean(m.MountPath) {
		case "/var/lib/docker", "/var/lib/containerd":
		default:
			continue
		}
		for j := range w.spec.Volumes {
			v := &w.spec.Volumes[j]
			if v.Name != m.Name || v.PersistentVolumeClaim == nil {
				continue
			}
			w.warn(w.spot.index("volumeMounts", i).field("mountPath"), "volume-daemon", m.Name,
				w.label+" keeps "+m.MountPath+" on the claim "+q(v.PersistentVolumeClaim.ClaimName)+", which all runs share: two daemons at once spoil it, and one run sees the images of another",
				"use an emptyDir, and a registry for the cache", w.taskCheck.spot.index("volumes", j).related("the volume"))
		}
	}
}

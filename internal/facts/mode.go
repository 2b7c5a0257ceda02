package facts

import (
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"
)

// EachMode calls visit for each file mode: in the volumes of Task specs and of the
// pod templates of runs, and in the workspace bindings of runs.
func (e *Entry) EachMode(visit func(Spot, int32)) {
	m := modes(visit)
	e.EachVolume(func(s Spot, v *corev1.Volume) {
		m.secret(s, v.Secret)
		m.configMap(s, v.ConfigMap)
		m.projected(s, v.Projected)
		if d := v.DownwardAPI; d != nil {
			s := s.Field("downwardAPI")
			m.visit(s.Field("defaultMode"), d.DefaultMode)
			m.files(s, d.Items)
		}
	})
	list := e.RunWorkspaces()
	for i := range list {
		s := e.At("spec").Index("workspaces", i)
		m.secret(s, list[i].Secret)
		m.configMap(s, list[i].ConfigMap)
		m.projected(s, list[i].Projected)
	}
}

// modes visits the modes of one source of files after the other.
type modes func(Spot, int32)

func (m modes) visit(s Spot, mode *int32) {
	if mode != nil {
		m(s, *mode)
	}
}

func (m modes) secret(s Spot, v *corev1.SecretVolumeSource) {
	if v != nil {
		s := s.Field("secret")
		m.visit(s.Field("defaultMode"), v.DefaultMode)
		m.keys(s, v.Items)
	}
}

func (m modes) configMap(s Spot, v *corev1.ConfigMapVolumeSource) {
	if v != nil {
		s := s.Field("configMap")
		m.visit(s.Field("defaultMode"), v.DefaultMode)
		m.keys(s, v.Items)
	}
}

func (m modes) projected(s Spot, v *corev1.ProjectedVolumeSource) {
	if v == nil {
		return
	}
	s = s.Field("projected")
	m.visit(s.Field("defaultMode"), v.DefaultMode)
	for i := range v.Sources {
		at := s.Index("sources", i)
		switch source := &v.Sources[i]; {
		case source.Secret != nil:
			m.keys(at.Field("secret"), source.Secret.Items)
		case source.ConfigMap != nil:
			m.keys(at.Field("configMap"), source.ConfigMap.Items)
		case source.DownwardAPI != nil:
			m.files(at.Field("downwardAPI"), source.DownwardAPI.Items)
		}
	}
}

func (m modes) keys(s Spot, items []corev1.KeyToPath) {
	for i := range items {
		m.visit(s.Index("items", i).Field("mode"), items[i].Mode)
	}
}

func (m modes) files(s Spot, items []corev1.DownwardAPIVolumeFile) {
	for i := range items {
		m.visit(s.Index("items", i).Field("mode"), items[i].Mode)
	}
}

// HasFSGroup reports whether a run of the set gives the files of volumes to a group.
func (s *Set) HasFSGroup() bool {
	s.asked(Objects)
	if s.fsGroup == nil {
		found := false
		for _, e := range s.All() {
			e.EachPodTemplate(func(_ Spot, t *pod.PodTemplate) {
				found = found || t.SecurityContext != nil && t.SecurityContext.FSGroup != nil
			})
		}
		s.fsGroup = &found
	}
	return *s.fsGroup
}

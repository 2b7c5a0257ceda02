package oracle

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	podtemplate "github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// podTemplateParts has for each field with parts two values that share none.
func podTemplateParts() (run, task podtemplate.PodTemplate) {
	yes, one := true, int64(1)
	run = podtemplate.PodTemplate{
		NodeSelector:              map[string]string{"a": "a"},
		Env:                       []corev1.EnvVar{{Name: "A", Value: "a"}},
		Tolerations:               []corev1.Toleration{{Key: "a", Operator: "Exists"}},
		Affinity:                  &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}},
		SecurityContext:           &corev1.PodSecurityContext{FSGroup: &one},
		Volumes:                   []corev1.Volume{{Name: "a", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		DNSConfig:                 &corev1.PodDNSConfig{Nameservers: []string{"10.0.0.1"}},
		ImagePullSecrets:          []corev1.LocalObjectReference{{Name: "a"}},
		HostAliases:               []corev1.HostAlias{{IP: "10.0.0.1", Hostnames: []string{"a"}}},
		TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{TopologyKey: "a", MaxSkew: 1, WhenUnsatisfiable: "DoNotSchedule"}},
	}
	task = podtemplate.PodTemplate{
		NodeSelector:              map[string]string{"b": "b"},
		Env:                       []corev1.EnvVar{{Name: "B", Value: "b"}},
		Tolerations:               []corev1.Toleration{{Key: "b", Operator: "Exists"}},
		Affinity:                  &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},
		SecurityContext:           &corev1.PodSecurityContext{RunAsNonRoot: &yes},
		Volumes:                   []corev1.Volume{{Name: "b", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		DNSConfig:                 &corev1.PodDNSConfig{Searches: []string{"b.example.com"}},
		ImagePullSecrets:          []corev1.LocalObjectReference{{Name: "b"}},
		HostAliases:               []corev1.HostAlias{{IP: "10.0.0.2", Hostnames: []string{"b"}}},
		TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{TopologyKey: "b", MaxSkew: 1, WhenUnsatisfiable: "DoNotSchedule"}},
	}
	return run, task
}

// TestPodTemplates holds that podtemplate-replaced reports exactly the fields of
// which Tekton keeps those of the task alone.
func TestPodTemplates(t *testing.T) {
	all, _ := podTemplateParts()
	replaced := 0
	for i := range reflect.TypeFor[podtemplate.PodTemplate]().NumField() {
		field := reflect.TypeFor[podtemplate.PodTemplate]().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch kind := field.Type.Kind(); {
		case kind == reflect.Slice, kind == reflect.Map, kind == reflect.Pointer && field.Type.Elem().Kind() == reflect.Struct:
			require.False(t, reflect.ValueOf(all).Field(i).IsZero(), "%s is not tried", name)
		default:
			continue // it has no parts
		}
		t.Run(name, func(t *testing.T) {
			var run, task podtemplate.PodTemplate
			full, other := podTemplateParts()
			reflect.ValueOf(&run).Elem().Field(i).Set(reflect.ValueOf(full).Field(i))
			reflect.ValueOf(&task).Elem().Field(i).Set(reflect.ValueOf(other).Field(i))
			pr := &v1.PipelineRun{TypeMeta: metav1.TypeMeta{APIVersion: "tekton.dev/v1", Kind: "PipelineRun"}, ObjectMeta: metav1.ObjectMeta{Name: "r"},
				Spec: v1.PipelineRunSpec{PipelineRef: &v1.PipelineRef{Name: "p"}, TaskRunTemplate: v1.PipelineTaskRunTemplate{PodTemplate: run.DeepCopy()},
					TaskRunSpecs: []v1.PipelineTaskRunSpec{{PipelineTaskName: "t", PodTemplate: task.DeepCopy()}}}}
			found, err := check.Run(context.Background(), []object.Object{{Object: pr.DeepCopy()}}, check.Profile{})
			require.NoError(t, err)
			ours := 0
			for _, f := range found {
				if f.Code == "podtemplate-replaced" {
					ours++
					assert.Equal(t, diag.Note, f.Severity)
					assert.Contains(t, f.Message, name)
				}
			}
			merged := pr.GetTaskRunSpec("t").PodTemplate
			if reflect.DeepEqual(reflect.ValueOf(*merged).Field(i).Interface(), reflect.ValueOf(other).Field(i).Interface()) {
				replaced++
				assert.Equal(t, 1, ours, "Tekton drops %s of the run", name)
			} else {
				assert.Zero(t, ours, "Tekton merges %s", name)
			}
		})
	}
	assert.Equal(t, 8, replaced)
}

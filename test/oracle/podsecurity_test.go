package oracle

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/apis/config"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline"
	podtemplate "github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	fakeclient "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/fake"
	podconvert "github.com/tektoncd/pipeline/pkg/pod"
	trr "github.com/tektoncd/pipeline/pkg/reconciler/taskrun/resources"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
	"github.com/tekwright/tekwright/pkg/rule"
)

// restrictions has for each reason of Kubernetes for which a security context is
// forbidden what pod-unrestricted says.
var restrictions = map[string]string{
	"allowPrivilegeEscalation != false": "allowPrivilegeEscalation: ",
	"unrestricted capabilities":         "capabilities.",
	"runAsNonRoot != true":              "runAsNonRoot: ",
	"runAsUser=0":                       "runAsUser: ",
	"seccompProfile":                    "seccompProfile.type: ",
}

// TestPodSecurity lets Tekton make the pod of a random Task in a random run, and
// Kubernetes judge it by the restricted Pod Security Standard: pod-unrestricted gives
// the same reasons.
func TestPodSecurity(t *testing.T) {
	judge, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]int{}
	for range 4000 {
		s := randomSecurity(r)
		made := s.pod(t)
		theirs := map[string]bool{}
		for _, result := range judge.EvaluatePod(restricted, &made.ObjectMeta, &made.Spec) {
			if !result.Allowed {
				require.Contains(t, restrictions, result.ForbiddenReason, "%s", result.ForbiddenDetail)
				theirs[restrictions[result.ForbiddenReason]] = true
			}
		}
		found, err := check.Run(context.Background(), s.objects(), check.Profile{Persona: rule.Auditor})
		require.NoError(t, err)
		ours := map[string]bool{}
		for _, f := range found {
			if f.Code == "pod-unrestricted" {
				for _, words := range restrictions {
					if strings.Contains(f.Message, words) {
						ours[words] = true
					}
				}
			}
		}
		for words := range theirs {
			seen[words]++
		}
		if len(theirs) == 0 {
			seen["allowed"]++
		}
		require.Equal(t, theirs, ours, "%+v\n%+v\n%v", made.Spec.SecurityContext, made.Spec.Containers, found)
	}
	t.Log(seen)
	for _, words := range restrictions {
		assert.Greater(t, seen[words], 100, words)
	}
	assert.Greater(t, seen["allowed"], 100)
}

// securitySystem is a Task, a StepAction of one of its steps, and a PipelineRun.
type securitySystem struct {
	action *v1beta1.StepAction
	task   *v1.Task
	run    *v1.PipelineRun
}

func (s *securitySystem) objects() []object.Object {
	var out []object.Object
	for _, o := range []runtime.Object{s.action, s.task, s.run} {
		out = append(out, object.Object{Object: o.DeepCopyObject()})
	}
	return out
}

// pod is the pod that Tekton makes of the TaskRun of the run.
func (s *securitySystem) pod(t *testing.T) *corev1.Pod {
	t.Helper()
	flags, err := config.NewFeatureFlagsFromMap(map[string]string{"set-security-context": "true"})
	require.NoError(t, err)
	cfg := config.FromContextOrDefaults(context.Background())
	cfg.FeatureFlags = flags
	ctx := config.ToContext(context.Background(), cfg)
	of := s.run.DeepCopy().GetTaskRunSpec("t")
	tr := &v1.TaskRun{ObjectMeta: metav1.ObjectMeta{Name: "r", Namespace: "default"}, Spec: v1.TaskRunSpec{ServiceAccountName: "default", PodTemplate: of.PodTemplate}}
	spec := s.task.Spec.DeepCopy()
	steps, err := trr.GetStepActionsData(ctx, *spec, tr, fakeclient.NewSimpleClientset(s.action), nil, nil)
	require.NoError(t, err)
	spec.Steps = steps
	b := podconvert.Builder{Images: pipeline.Images{EntrypointImage: "e", ShellImage: "s"}, KubeClient: fake.NewSimpleClientset(
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "default"}})}
	made, err := b.Build(ctx, tr, *spec)
	require.NoError(t, err)
	return made
}

func randomSecurity(r *rand.Rand) *securitySystem {
	step := func(name string) v1.Step {
		return v1.Step{Name: name, Image: "registry.local/a:1", Command: []string{"a"}, SecurityContext: randomContext(r)}
	}
	meta := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name, Namespace: "default"} }
	s := &securitySystem{
		action: &v1beta1.StepAction{TypeMeta: typeMeta("v1beta1", "StepAction"), ObjectMeta: meta("a"), Spec: v1beta1.StepActionSpec{
			Image: "registry.local/a:1", Command: []string{"a"}, SecurityContext: randomContext(r),
		}},
		task: &v1.Task{TypeMeta: typeMeta("v1", "Task"), ObjectMeta: meta("t"), Spec: v1.TaskSpec{Steps: []v1.Step{step("one")}}},
		run: &v1.PipelineRun{TypeMeta: typeMeta("v1", "PipelineRun"), ObjectMeta: meta("r"), Spec: v1.PipelineRunSpec{
			PipelineSpec:    &v1.PipelineSpec{Tasks: []v1.PipelineTask{{Name: "t", TaskRef: &v1.TaskRef{Name: "t"}}}},
			TaskRunTemplate: v1.PipelineTaskRunTemplate{PodTemplate: randomPodTemplate(r)},
		}},
	}
	if r.IntN(2) == 0 {
		s.task.Spec.StepTemplate = &v1.StepTemplate{SecurityContext: randomContext(r)}
	}
	if r.IntN(3) == 0 {
		s.task.Spec.Steps = append(s.task.Spec.Steps, step("two"))
	}
	if r.IntN(3) == 0 {
		s.task.Spec.Steps = append(s.task.Spec.Steps, v1.Step{Name: "ref", Ref: &v1.Ref{Name: "a"}, SecurityContext: randomContext(r)})
	}
	if r.IntN(3) == 0 {
		s.task.Spec.Sidecars = []v1.Sidecar{{Name: "side", Image: "registry.local/a:1", SecurityContext: randomContext(r)}}
	}
	if r.IntN(3) == 0 {
		own, general := randomPodTemplate(r), s.run.Spec.TaskRunTemplate.PodTemplate
		if own != nil && general != nil {
			// What no pod gets from the run is reported nevertheless.
			if own.SecurityContext != nil {
				general.SecurityContext = nil
			}
			if general.SecurityContext != nil {
				own.HostUsers = nil
			}
		}
		s.run.Spec.TaskRunSpecs = []v1.PipelineTaskRunSpec{{PipelineTaskName: "t", PodTemplate: own}}
	}
	return s
}

// either returns one of the values; the first is the most likely.
func either[T any](r *rand.Rand, first T, others ...T) T {
	if i := r.IntN(len(others) + 6); i < len(others) {
		return others[i]
	}
	return first
}

func randomContext(r *rand.Rand) *corev1.SecurityContext {
	yes, no, root, user := true, false, int64(0), int64(65532)
	if r.IntN(12) == 0 {
		return nil
	}
	profile := func(typ corev1.SeccompProfileType) *corev1.SeccompProfile { return &corev1.SeccompProfile{Type: typ} }
	all := &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}
	return &corev1.SecurityContext{
		AllowPrivilegeEscalation: either(r, &no, nil, &yes),
		Capabilities: either(r, all, nil, &corev1.Capabilities{}, &corev1.Capabilities{Add: []corev1.Capability{"CHOWN"}}, &corev1.Capabilities{Drop: []corev1.Capability{"NET_RAW"}},
			&corev1.Capabilities{Add: []corev1.Capability{"NET_BIND_SERVICE"}, Drop: []corev1.Capability{"KILL", "ALL"}}),
		RunAsNonRoot:   either(r, &yes, nil, nil, &no),
		RunAsUser:      either(r, &user, nil, nil, &root),
		SeccompProfile: either(r, profile("RuntimeDefault"), nil, nil, profile("Localhost"), profile("Unconfined"), &corev1.SeccompProfile{}),
	}
}

func randomPodTemplate(r *rand.Rand) *podtemplate.PodTemplate {
	yes, no, root, user := true, false, int64(0), int64(65532)
	out := &podtemplate.PodTemplate{HostUsers: either(r, nil, &yes, &no)}
	switch r.IntN(4) {
	case 0:
		return nil
	case 1:
		return out
	}
	out.SecurityContext = &corev1.PodSecurityContext{
		RunAsNonRoot: either(r, &yes, nil, &no), RunAsUser: either(r, nil, &user, &root),
		SeccompProfile: either(r, &corev1.SeccompProfile{Type: "RuntimeDefault"}, nil, &corev1.SeccompProfile{Type: "Localhost"}, &corev1.SeccompProfile{Type: "Unconfined"}),
	}
	return out
}

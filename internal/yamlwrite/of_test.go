package yamlwrite

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// written returns the YAML of an object.
func written(t *testing.T, object any) string {
	t.Helper()
	n, err := Of(object)
	require.NoError(t, err)
	return string(n.AppendYAML(nil))
}

func typeMeta(apiVersion, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}
}

func TestTask(t *testing.T) {
	task := &pipelinev1.Task{TypeMeta: typeMeta("tekton.dev/v1", "Task"), ObjectMeta: metav1.ObjectMeta{
		Namespace: "ci", Name: "t", Annotations: map[string]string{"b": "", "a": "1"}, Labels: map[string]string{"x": "y"},
	}}
	task.Spec = pipelinev1.TaskSpec{
		Params: pipelinev1.ParamSpecs{
			{Name: "s", Default: pipelinev1.NewStructuredValues("")},
			{Name: "a", Default: &pipelinev1.ParamValue{Type: "array"}},
			{Name: "o", Properties: map[string]pipelinev1.PropertySpec{"k": {}}, Default: &pipelinev1.ParamValue{Type: "object"}},
		},
		StepTemplate: &pipelinev1.StepTemplate{Image: "i"},
		Steps: []pipelinev1.Step{{
			Script:  "echo hi",
			Env:     []corev1.EnvVar{{Name: "E"}, {Name: "F", ValueFrom: &corev1.EnvVarSource{}}},
			Args:    []string{""},
			Timeout: &metav1.Duration{Duration: 90 * time.Minute},
			ComputeResources: corev1.ResourceRequirements{Requests: corev1.ResourceList{
				"memory": resource.MustParse("1Gi"), "cpu": resource.MustParse("500m")}},
			VolumeMounts: []corev1.VolumeMount{{MountPath: "/m", Name: "v"}},
		}, {Name: "two"}},
		Volumes: []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
	}
	assert.Equal(t, `apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: t
  namespace: ci
  labels:
    x: "y"
  annotations:
    a: "1"
    b: ""
spec:
  params:
    - name: s
      default: ""
    - name: a
      default: []
    - name: o
      properties:
        k: {}
      default: {}
  stepTemplate:
    image: i
  steps:
    - args:
        - ""
      env:
        - name: E
        - name: F
          valueFrom: {}
      computeResources:
        requests:
          cpu: 500m
          memory: 1Gi
      volumeMounts:
        - name: v
          mountPath: /m
      script: |-
        echo hi
      timeout: 1h30m
    - name: two
  volumes:
    - name: v
      emptyDir: {}
`, written(t, task))
}

func TestPipeline(t *testing.T) {
	p := &pipelinev1.Pipeline{TypeMeta: typeMeta("tekton.dev/v1", "Pipeline")}
	p.Name = "p"
	p.Spec = pipelinev1.PipelineSpec{
		Tasks: []pipelinev1.PipelineTask{{
			Name:     "t",
			TaskSpec: &pipelinev1.EmbeddedTask{TaskSpec: pipelinev1.TaskSpec{Steps: []pipelinev1.Step{{Image: "i"}}}},
			Params:   pipelinev1.Params{{Name: "p", Value: *pipelinev1.NewStructuredValues("")}},
			When:     pipelinev1.WhenExpressions{{Input: "$(params.x)", Operator: "in", Values: []string{""}}},
		}, {
			Name: "custom",
			TaskSpec: &pipelinev1.EmbeddedTask{TypeMeta: runtime.TypeMeta{APIVersion: "a/v1", Kind: "K"},
				Spec: runtime.RawExtension{Raw: []byte(`{"z":{},"a":[{"x":null,"name":""}]}`)}},
		}},
		Results: []pipelinev1.PipelineResult{{Name: "r", Value: *pipelinev1.NewStructuredValues("v")}},
	}
	assert.Equal(t, `apiVersion: tekton.dev/v1
kind: Pipeline
metadata:
  name: p
spec:
  tasks:
    - name: t
      taskSpec:
        steps:
          - image: i
      when:
        - input: $(params.x)
          operator: in
          values:
            - ""
      params:
        - name: p
          value: ""
    - name: custom
      taskSpec:
        apiVersion: a/v1
        kind: K
        spec:
          z: {}
          a:
            - x: null
              name: ""
  results:
    - name: r
      value: v
`, written(t, p))
}

func TestRuns(t *testing.T) {
	run := &pipelinev1.PipelineRun{TypeMeta: typeMeta("tekton.dev/v1", "PipelineRun")}
	run.GenerateName = "r-"
	run.CreationTimestamp = metav1.Unix(1, 0)
	run.Status.PipelineSpec = &pipelinev1.PipelineSpec{}
	run.Spec = pipelinev1.PipelineRunSpec{
		PipelineRef: &pipelinev1.PipelineRef{Name: "p"},
		Status:      pipelinev1.PipelineRunSpecStatusPending,
		Timeouts:    &pipelinev1.TimeoutFields{Pipeline: &metav1.Duration{}, Tasks: &metav1.Duration{Duration: time.Hour}},
		TaskRunTemplate: pipelinev1.PipelineTaskRunTemplate{PodTemplate: &pod.Template{
			NodeSelector: map[string]string{"pool": ""}, SecurityContext: &corev1.PodSecurityContext{}}},
		Workspaces: []pipelinev1.WorkspaceBinding{{Name: "w", VolumeClaimTemplate: &corev1.PersistentVolumeClaim{
			Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new(string)},
		}}},
	}
	assert.Equal(t, `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  generateName: r-
  creationTimestamp: "1970-01-01T00:00:01Z"
spec:
  pipelineRef:
    name: p
  status: PipelineRunPending
  timeouts:
    pipeline: 0s
    tasks: 1h
  taskRunTemplate:
    podTemplate:
      nodeSelector:
        pool: ""
      securityContext: {}
  workspaces:
    - name: w
      volumeClaimTemplate:
        spec:
          storageClassName: ""
`, written(t, run))

	assert.Equal(t, "apiVersion: tekton.dev/v1\nkind: TaskRun\n",
		written(t, &pipelinev1.TaskRun{TypeMeta: typeMeta("tekton.dev/v1", "TaskRun")}))
}

func TestTriggers(t *testing.T) {
	l := &triggersv1beta1.EventListener{TypeMeta: typeMeta("triggers.tekton.dev/v1beta1", "EventListener")}
	l.Name = "l"
	empty := ""
	l.Spec.Triggers = []triggersv1beta1.EventListenerTrigger{{
		Bindings: []*triggersv1beta1.EventListenerBinding{{Name: "b", Value: &empty}},
		Template: &triggersv1beta1.EventListenerTemplate{Ref: &l.Name},
		Name:     "t",
	}}
	l.Spec.Resources.KubernetesResource = &triggersv1beta1.KubernetesResource{ServiceType: "NodePort"}
	assert.Equal(t, `apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata:
  name: l
spec:
  triggers:
    - name: t
      bindings:
        - name: b
          value: ""
      template:
        ref: l
  resources:
    kubernetesResource:
      serviceType: NodePort
`, written(t, l))

	b := &triggersv1beta1.TriggerBinding{TypeMeta: typeMeta("triggers.tekton.dev/v1beta1", "TriggerBinding")}
	b.Spec.Params = []triggersv1beta1.Param{{Name: "p"}}
	assert.Contains(t, written(t, b), "    - name: p\n      value: \"\"\n")

	tt := &triggersv1beta1.TriggerTemplate{}
	tt.Spec.ResourceTemplates = []triggersv1beta1.TriggerResourceTemplate{{RawExtension: runtime.RawExtension{Raw: []byte(
		`{"spec":{"b":1,"a":"x\ny"},"status":{},"metadata":{"labels":{},"name":"n","creationTimestamp":null},"kind":"K","apiVersion":"v"}`)}}}
	assert.Equal(t, `spec:
  resourcetemplates:
    - apiVersion: v
      kind: K
      metadata:
        name: "n"
        labels: {}
      spec:
        b: 1
        a: |-
          x
          y
`, written(t, tt))
}

func TestKubernetes(t *testing.T) {
	prefix := networkingv1.PathTypePrefix
	ing := &networkingv1.Ingress{Spec: networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{
		IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{
			Paths: []networkingv1.HTTPIngressPath{{Path: "/", PathType: &prefix}}}}}}}}
	assert.Equal(t, "spec:\n  rules:\n    - http:\n        paths:\n          - path: /\n            pathType: Prefix\n", written(t, ing))

	assert.Equal(t, "data:\n  b: AAE=\n", written(t, &corev1.Secret{Data: map[string][]byte{"b": {0, 1}}}))
	assert.Equal(t, "data:\n  e: \"\"\n", written(t, &corev1.ConfigMap{Data: map[string]string{"e": ""}}))
	assert.Equal(t, "spec:\n  podSelector: {}\n  policyTypes:\n    - Ingress\n", written(t, &networkingv1.NetworkPolicy{
		Spec: networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{"Ingress"}}}), "{} selects every pod")
	assert.Equal(t, "{}\n", written(t, &rbacv1.Role{}))
	assert.Equal(t, "spec:\n  ports:\n    - port: 80\n", written(t, &corev1.Service{Spec: corev1.ServiceSpec{
		Ports: []corev1.ServicePort{{Port: 80}}}}))
	assert.Contains(t, written(t, &corev1.Service{Spec: corev1.ServiceSpec{
		Ports: []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromString("http")}}}}), "targetPort: http\n")
	assert.Equal(t, `subjects:
  - kind: ServiceAccount
    name: a
roleRef:
  apiGroup: g
  kind: Role
  name: r
`, written(t, &rbacv1.RoleBinding{
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "a"}},
		RoleRef:  rbacv1.RoleRef{APIGroup: "g", Kind: "Role", Name: "r"},
	}))
}

func TestUnstructured(t *testing.T) {
	u := &unstructured.Unstructured{Object: m{
		"status": m{}, "spec": m{"steps": []any{m{"image": "i", "script": "x", "name": "n1"}}, "f": 1.5, "n": nil, "i": int64(3)},
		"metadata": m{"creationTimestamp": nil, "labels": m{"b": "c"}, "name": "a"}, "kind": "K", "apiVersion": "v",
	}}
	assert.Equal(t, `apiVersion: v
kind: K
metadata:
  name: a
  labels:
    b: c
spec:
  f: 1.5
  i: 3
  "n": null
  steps:
    - name: n1
      image: i
      script: |-
        x
`, written(t, u))
	assert.Equal(t, "null\n", written(t, (*unstructured.Unstructured)(nil)))
}

func TestRefusals(t *testing.T) {
	cyclic := m{}
	cyclic["a"] = []any{cyclic}
	p := &pipelinev1.Pipeline{}
	p.Spec.Tasks = []pipelinev1.PipelineTask{{Params: pipelinev1.Params{{Name: "p"}}}}
	cm := &corev1.ConfigMap{Data: map[string]string{"a": "\xff"}}
	bad := &triggersv1beta1.TriggerTemplate{}
	bad.Spec.ResourceTemplates = []triggersv1beta1.TriggerResourceTemplate{{RawExtension: runtime.RawExtension{Raw: []byte(`{"a":1,"a":2}`)}}}
	for want, object := range map[string]any{
		`spec.tasks[0].params[0].value: a param value of type "" cannot be written`: p,
		`data["a"]: the text is not valid UTF-8`:                                    cm,
		`spec.resourcetemplates[0]: the key "a" occurs twice`:                       bad,
		`contains itself`:                                      &unstructured.Unstructured{Object: cyclic},
		`["f"]: a func() cannot be written`:                    &unstructured.Unstructured{Object: m{"f": func() {}}},
		`["m"]: a map with keys of type int cannot be written`: &unstructured.Unstructured{Object: m{"m": map[int]int{1: 2}}},
	} {
		_, err := Of(object)
		assert.ErrorContains(t, err, want)
	}
}

func TestFindAndDifference(t *testing.T) {
	tree := func(v any) *Node {
		n, err := Of(v)
		require.NoError(t, err)
		return &n
	}
	task := func(image string) *pipelinev1.Task {
		task := &pipelinev1.Task{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a.b/c": "x"}}}
		task.Spec.Steps = []pipelinev1.Step{{Image: "i"}, {Image: image}}
		return task
	}
	a := tree(task("j"))
	path, ok := a.Find(func(s string) bool { return s == "j" })
	assert.True(t, ok)
	assert.Equal(t, "spec.steps[1].image", path.String())
	path, ok = a.Find(func(s string) bool { return s == "a.b/c" })
	assert.True(t, ok)
	assert.Equal(t, `metadata.labels["a.b/c"]`, path.String())
	_, ok = a.Find(func(s string) bool { return s == "k" })
	assert.False(t, ok)

	_, equal := Difference(a, tree(task("j")))
	assert.True(t, equal)
	for want, b := range map[string]*pipelinev1.Task{
		"spec.steps[1].image": task("k"),
		"spec.steps":          {ObjectMeta: task("").ObjectMeta, Spec: pipelinev1.TaskSpec{Steps: task("").Spec.Steps[:1]}},
		"metadata":            {Spec: task("j").Spec},
		"spec.description": func() *pipelinev1.Task {
			b := task("j")
			b.Spec.Description = "d"
			return b
		}(),
	} {
		path, equal := Difference(a, tree(b))
		assert.False(t, equal)
		assert.Equal(t, want, path.String())
	}
	u := &unstructured.Unstructured{Object: m{"metadata": m{"labels": m{"a.b/c": "x"}},
		"spec": m{"steps": []any{m{"image": "i"}, m{"image": "j"}}}}}
	_, equal = Difference(a, tree(u))
	assert.True(t, equal, "the order of keys does not matter")
}

// TestKnownKinds tests that an unstructured object is written in the order of the struct
// for its kind, and that fields that the struct does not have come last.
func TestKnownKinds(t *testing.T) {
	u := &unstructured.Unstructured{Object: m{
		"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "metadata": m{"generateName": "r-"},
		"spec": m{
			"aaa": "unknown", "workspaces": []any{m{"emptyDir": m{}, "name": "w"}}, "params": []any{m{"value": "v", "name": "p"}},
			"taskRunTemplate": m{"serviceAccountName": "sa", "podTemplate": m{"securityContext": m{"fsGroup": int64(1)}}},
			"pipelineSpec": m{"tasks": []any{m{
				"taskSpec": m{"steps": []any{m{"script": "x", "image": "i", "name": "s"}}, "params": []any{m{"type": "string", "name": "p"}}},
				"name":     "t",
			}}},
		},
	}}
	assert.Equal(t, `apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  generateName: r-
spec:
  pipelineSpec:
    tasks:
      - name: t
        taskSpec:
          params:
            - name: p
              type: string
          steps:
            - name: s
              image: i
              script: |-
                x
  params:
    - name: p
      value: v
  taskRunTemplate:
    podTemplate:
      securityContext:
        fsGroup: 1
    serviceAccountName: sa
  workspaces:
    - name: w
      emptyDir: {}
  aaa: unknown
`, written(t, u))
}

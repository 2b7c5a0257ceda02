package manifest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/manifest"
	"github.com/tekwright/tekwright/pkg/object"
)

// source is a source for tests.
type source struct {
	objects []object.Object
	err     error
	asked   int
}

func (s *source) Objects() ([]object.Object, error) {
	s.asked++
	return s.objects, s.err
}

// checkAll applies all rules.
func checkAll(t *testing.T, objects []object.Object, profile check.Profile) diag.Findings {
	t.Helper()
	found, err := check.Run(t.Context(), objects, profile)
	require.NoError(t, err)
	return found
}

// at returns an object with a position: all paths are at one line of a file.
func at(line int, o runtime.Object) object.Object {
	return object.Object{Object: o, Locate: func(diag.Path, string) diag.Position {
		return diag.Position{File: "main.go", Line: line}
	}}
}

func typeMeta(apiVersion, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}
}

func named(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }

func task(name, script string) *pipelinev1.Task {
	return &pipelinev1.Task{
		TypeMeta: typeMeta("tekton.dev/v1", "Task"), ObjectMeta: named(name),
		Spec: pipelinev1.TaskSpec{Steps: []pipelinev1.Step{{Name: "run", Image: "registry.local/alpine:3", Script: script}}},
	}
}

func pipeline(name string, tasks ...string) *pipelinev1.Pipeline {
	p := &pipelinev1.Pipeline{TypeMeta: typeMeta("tekton.dev/v1", "Pipeline"), ObjectMeta: named(name)}
	for _, t := range tasks {
		p.Spec.Tasks = append(p.Spec.Tasks, pipelinev1.PipelineTask{Name: t, TaskRef: &pipelinev1.TaskRef{Name: t}})
	}
	return p
}

func run(prefix, pipeline string) *pipelinev1.PipelineRun {
	return &pipelinev1.PipelineRun{
		TypeMeta: typeMeta("tekton.dev/v1", "PipelineRun"), ObjectMeta: metav1.ObjectMeta{GenerateName: prefix},
		Spec: pipelinev1.PipelineRunSpec{PipelineRef: &pipelinev1.PipelineRef{Name: pipeline}},
	}
}

func secret(name string, data map[string]string) *corev1.Secret {
	return &corev1.Secret{TypeMeta: typeMeta("v1", "Secret"), ObjectMeta: named(name), StringData: data}
}

func account(name string) *corev1.ServiceAccount {
	return &corev1.ServiceAccount{TypeMeta: typeMeta("v1", "ServiceAccount"), ObjectMeta: named(name)}
}

// thing returns an object of a kind without rules.
func thing(name string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetAPIVersion("example.com/v1")
	u.SetKind("Thing")
	u.SetName(name)
	return u
}

// estate returns one object of each kind, unsorted.
func estate() []runtime.Object {
	const rbac, triggers = "rbac.authorization.k8s.io/v1", "triggers.tekton.dev/v1beta1"
	subject := []rbacv1.Subject{{Kind: "ServiceAccount", Name: "runner"}}
	template := "build"
	prefix := networkingv1.PathTypePrefix
	withWorkspace := run("build-", "build")
	withWorkspace.Spec.Workspaces = []pipelinev1.WorkspaceBinding{{Name: "source", EmptyDir: &corev1.EmptyDirVolumeSource{}}}
	build := pipeline("build", "compile")
	build.Spec.Workspaces = []pipelinev1.PipelineWorkspaceDeclaration{{Name: "source"}}
	build.Spec.Tasks[0].Workspaces = []pipelinev1.WorkspacePipelineTaskBinding{{Name: "source", Workspace: "source"}}
	compile := task("compile", "#!/bin/sh\nset -eu\nif true; then\n\tgo build ./... \nfi\n")
	compile.Spec.Workspaces = []pipelinev1.WorkspaceDeclaration{{Name: "source"}}
	return []runtime.Object{
		withWorkspace,
		&pipelinev1.TaskRun{TypeMeta: typeMeta("tekton.dev/v1", "TaskRun"), ObjectMeta: named("once"),
			Spec: pipelinev1.TaskRunSpec{TaskRef: &pipelinev1.TaskRef{Name: "compile"},
				Workspaces: []pipelinev1.WorkspaceBinding{{Name: "source", SubPath: "a", PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "cache"}}}}},
		&networkingv1.Ingress{TypeMeta: typeMeta("networking.k8s.io/v1", "Ingress"), ObjectMeta: named("hooks"),
			Spec: networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: "ci.example.com",
				IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{{
					Path: "/", PathType: &prefix, Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{
						Name: "el-hooks", Port: networkingv1.ServiceBackendPort{Number: 8080}}}}}}}}}}},
		&corev1.Service{TypeMeta: typeMeta("v1", "Service"), ObjectMeta: named("proxy"),
			Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80}}}},
		&triggersv1beta1.EventListener{TypeMeta: typeMeta(triggers, "EventListener"), ObjectMeta: named("hooks"),
			Spec: triggersv1beta1.EventListenerSpec{ServiceAccountName: "runner", Triggers: []triggersv1beta1.EventListenerTrigger{{
				Name: "push", Bindings: []*triggersv1beta1.EventListenerBinding{{Ref: "push", Kind: "TriggerBinding"}},
				Template: &triggersv1beta1.EventListenerTemplate{Ref: &template}}}}},
		&triggersv1beta1.TriggerTemplate{TypeMeta: typeMeta(triggers, "TriggerTemplate"), ObjectMeta: named("build"),
			Spec: triggersv1beta1.TriggerTemplateSpec{ResourceTemplates: []triggersv1beta1.TriggerResourceTemplate{{RawExtension: runtime.RawExtension{Raw: []byte(
				`{"apiVersion":"tekton.dev/v1","kind":"PipelineRun","metadata":{"generateName":"build-"},"spec":{"pipelineRef":{"name":"build"},"workspaces":[{"name":"source","emptyDir":{}}]}}`)}}}}},
		&triggersv1beta1.TriggerBinding{TypeMeta: typeMeta(triggers, "TriggerBinding"), ObjectMeta: named("push"),
			Spec: triggersv1beta1.TriggerBindingSpec{Params: []triggersv1beta1.Param{{Name: "sha", Value: "$(body.after)"}}}},
		build,
		compile,
		&pipelinev1beta1.StepAction{TypeMeta: typeMeta("tekton.dev/v1beta1", "StepAction"), ObjectMeta: named("login"),
			Spec: pipelinev1beta1.StepActionSpec{Image: "registry.local/tool:1", Script: "login"}},
		&rbacv1.RoleBinding{TypeMeta: typeMeta(rbac, "RoleBinding"), ObjectMeta: named("runner"), Subjects: subject,
			RoleRef: rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: "runner"}},
		&rbacv1.ClusterRoleBinding{TypeMeta: typeMeta(rbac, "ClusterRoleBinding"), ObjectMeta: named("runner"), Subjects: subject,
			RoleRef: rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "ClusterRole", Name: "view"}},
		&rbacv1.Role{TypeMeta: typeMeta(rbac, "Role"), ObjectMeta: named("runner"),
			Rules: []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}}},
		&corev1.PersistentVolumeClaim{TypeMeta: typeMeta("v1", "PersistentVolumeClaim"), ObjectMeta: named("cache"),
			Spec: corev1.PersistentVolumeClaimSpec{AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce"}, Resources: corev1.VolumeResourceRequirements{
				Requests: corev1.ResourceList{"storage": resource.MustParse("1Gi")}}}},
		&corev1.ConfigMap{TypeMeta: typeMeta("v1", "ConfigMap"), ObjectMeta: named("settings"), Data: map[string]string{"on": "yes", "empty": ""}},
		secret("token", map[string]string{"token": ""}),
		account("runner"),
		&corev1.Namespace{TypeMeta: typeMeta("v1", "Namespace"), ObjectMeta: named("ci")},
	}
}

// finding returns the only finding in err.
func finding(t *testing.T, err error) diag.Finding {
	t.Helper()
	var all diag.Findings
	require.ErrorAs(t, err, &all)
	require.Len(t, all, 1)
	return all[0]
}

// labels returns the kind and the name of each object.
func labels(t *testing.T, s *manifest.Set) []string {
	t.Helper()
	objects, err := s.Objects()
	require.NoError(t, err)
	var all []string
	for _, o := range objects {
		m, ok := o.Object.(metav1.Object)
		require.True(t, ok)
		all = append(all, o.GetObjectKind().GroupVersionKind().Kind+" "+m.GetNamespace()+"/"+m.GetName()+m.GetGenerateName())
	}
	return all
}

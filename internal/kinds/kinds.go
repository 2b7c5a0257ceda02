// Package kinds describes the kinds of objects that this module reads and
// writes: their upstream structs, and whether they are namespaced.
package kinds

import (
	"iter"
	"reflect"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	tekton        = "tekton.dev/v1"
	tektonBeta    = "tekton.dev/v1beta1"
	tektonAlpha   = "tekton.dev/v1alpha1"
	resolution    = "resolution.tekton.dev/v1beta1"
	triggers      = "triggers.tekton.dev/v1beta1"
	triggersAlpha = "triggers.tekton.dev/v1alpha1"
	core          = "v1"
	rbac          = "rbac.authorization.k8s.io/v1"
	networking    = "networking.k8s.io/v1"
	apps          = "apps/v1"
	batch         = "batch/v1"
)

// structs contains a constructor of the upstream struct for each apiVersion and kind
// that is read and written as a struct.
var structs = map[[2]string]func() runtime.Object{
	{tekton, "Task"}:        func() runtime.Object { return new(pipelinev1.Task) },
	{tekton, "TaskRun"}:     func() runtime.Object { return new(pipelinev1.TaskRun) },
	{tekton, "Pipeline"}:    func() runtime.Object { return new(pipelinev1.Pipeline) },
	{tekton, "PipelineRun"}: func() runtime.Object { return new(pipelinev1.PipelineRun) },

	{tektonBeta, "Task"}:        func() runtime.Object { return new(pipelinev1beta1.Task) },
	{tektonBeta, "TaskRun"}:     func() runtime.Object { return new(pipelinev1beta1.TaskRun) },
	{tektonBeta, "Pipeline"}:    func() runtime.Object { return new(pipelinev1beta1.Pipeline) },
	{tektonBeta, "PipelineRun"}: func() runtime.Object { return new(pipelinev1beta1.PipelineRun) },
	{tektonBeta, "StepAction"}:  func() runtime.Object { return new(pipelinev1beta1.StepAction) },
	{tektonBeta, "CustomRun"}:   func() runtime.Object { return new(pipelinev1beta1.CustomRun) },

	{triggers, "EventListener"}:         func() runtime.Object { return new(triggersv1beta1.EventListener) },
	{triggers, "Trigger"}:               func() runtime.Object { return new(triggersv1beta1.Trigger) },
	{triggers, "TriggerTemplate"}:       func() runtime.Object { return new(triggersv1beta1.TriggerTemplate) },
	{triggers, "TriggerBinding"}:        func() runtime.Object { return new(triggersv1beta1.TriggerBinding) },
	{triggers, "ClusterTriggerBinding"}: func() runtime.Object { return new(triggersv1beta1.ClusterTriggerBinding) },

	{core, "Namespace"}:             func() runtime.Object { return new(corev1.Namespace) },
	{core, "ServiceAccount"}:        func() runtime.Object { return new(corev1.ServiceAccount) },
	{core, "Secret"}:                func() runtime.Object { return new(corev1.Secret) },
	{core, "ConfigMap"}:             func() runtime.Object { return new(corev1.ConfigMap) },
	{core, "PersistentVolumeClaim"}: func() runtime.Object { return new(corev1.PersistentVolumeClaim) },
	{core, "Service"}:               func() runtime.Object { return new(corev1.Service) },
	{core, "PersistentVolume"}:      func() runtime.Object { return new(corev1.PersistentVolume) },
	{core, "Pod"}:                   func() runtime.Object { return new(corev1.Pod) },
	{core, "LimitRange"}:            func() runtime.Object { return new(corev1.LimitRange) },
	{core, "ResourceQuota"}:         func() runtime.Object { return new(corev1.ResourceQuota) },

	{rbac, "Role"}:               func() runtime.Object { return new(rbacv1.Role) },
	{rbac, "ClusterRole"}:        func() runtime.Object { return new(rbacv1.ClusterRole) },
	{rbac, "RoleBinding"}:        func() runtime.Object { return new(rbacv1.RoleBinding) },
	{rbac, "ClusterRoleBinding"}: func() runtime.Object { return new(rbacv1.ClusterRoleBinding) },

	{networking, "Ingress"}:       func() runtime.Object { return new(networkingv1.Ingress) },
	{networking, "IngressClass"}:  func() runtime.Object { return new(networkingv1.IngressClass) },
	{networking, "NetworkPolicy"}: func() runtime.Object { return new(networkingv1.NetworkPolicy) },

	{apps, "Deployment"}:  func() runtime.Object { return new(appsv1.Deployment) },
	{apps, "StatefulSet"}: func() runtime.Object { return new(appsv1.StatefulSet) },
	{apps, "DaemonSet"}:   func() runtime.Object { return new(appsv1.DaemonSet) },
	{apps, "ReplicaSet"}:  func() runtime.Object { return new(appsv1.ReplicaSet) },

	{batch, "Job"}:     func() runtime.Object { return new(batchv1.Job) },
	{batch, "CronJob"}: func() runtime.Object { return new(batchv1.CronJob) },
}

// New returns an empty upstream struct for the kind, or nil if it has none.
func New(apiVersion, kind string) runtime.Object {
	if f := structs[[2]string{apiVersion, kind}]; f != nil {
		return f()
	}
	return nil
}

// Shape returns the type that the fields of an object of the kind are checked
// against: the struct that New returns, or a stand-in for it. It returns nil if the
// kind has neither.
func Shape(apiVersion, kind string) reflect.Type {
	if o := New(apiVersion, kind); o != nil {
		return reflect.TypeOf(o).Elem()
	}
	return shapes[[2]string{apiVersion, kind}]
}

// Types returns an iterator over the types that Shape returns, in no particular order.
func Types() iter.Seq[reflect.Type] {
	return func(yield func(reflect.Type) bool) {
		for _, f := range structs {
			if !yield(reflect.TypeOf(f()).Elem()) {
				return
			}
		}
		for _, t := range shapes {
			if !yield(t) {
				return
			}
		}
	}
}

// clusterScoped lists the kinds of cluster-scoped objects that are common in manifests.
var clusterScoped = map[schema.GroupKind]bool{
	{Kind: "Namespace"}:        true,
	{Kind: "PersistentVolume"}: true,
	{Group: "admissionregistration.k8s.io", Kind: "MutatingWebhookConfiguration"}:     true,
	{Group: "admissionregistration.k8s.io", Kind: "ValidatingAdmissionPolicy"}:        true,
	{Group: "admissionregistration.k8s.io", Kind: "ValidatingAdmissionPolicyBinding"}: true,
	{Group: "admissionregistration.k8s.io", Kind: "ValidatingWebhookConfiguration"}:   true,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}:                 true,
	{Group: "cert-manager.io", Kind: "ClusterIssuer"}:                                 true,
	{Group: "networking.k8s.io", Kind: "IngressClass"}:                                true,
	{Group: "node.k8s.io", Kind: "RuntimeClass"}:                                      true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"}:                         true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}:                  true,
	{Group: "scheduling.k8s.io", Kind: "PriorityClass"}:                               true,
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                                   true,
	{Group: "triggers.tekton.dev", Kind: "ClusterInterceptor"}:                        true,
	{Group: "triggers.tekton.dev", Kind: "ClusterTriggerBinding"}:                     true,
}

// Namespaced reports whether objects of the kind are namespaced. It returns true for
// unknown kinds, because a namespace does no harm: the API server removes it from
// cluster-scoped objects.
func Namespaced(gk schema.GroupKind) bool { return !clusterScoped[gk] }

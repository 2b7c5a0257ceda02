package facts

import (
	"slices"
	"strings"

	"github.com/tekwright/tekwright/internal/tekref"
)

// VersionState is how a cluster handles the apiVersion and the kind of an object.
type VersionState int

// The states.
const (
	Served            VersionState = iota
	Deprecated                     // it is still served, but will be removed
	NotAKind                       // it cannot be the name of a kind
	KindRemoved                    // Tekton had the kind, and has removed it
	NoLongerServed                 // Tekton no longer serves the kind in this version
	NeverServed                    // Tekton never served the kind in this version
	OtherGroup                     // Tekton serves the kind in its own API group
	NoSuchKind                     // Tekton has no such kind
	RemovedFromServer              // Kubernetes no longer serves the version
)

// Version describes how a cluster handles the apiVersion and the kind of an object.
type Version struct {
	State      VersionState
	APIVersion string // as the object sets it, or its type
	Noun       string // the project that serves it: Tekton, Tekton Triggers
	Group      string // its API group
	To         string // the version to use instead, with its group; "" where there is none
	Instead    string // what to use instead of a kind that Tekton has removed
	Since      string // the Kubernetes version that removed it
	Kinds      []string
}

// apiGroup lists the kinds and versions of an API group of Tekton.
type apiGroup struct {
	name     string
	noun     string
	served   map[string][]string          // the kinds of each version
	outdated map[string]map[string]string // kinds of a version that are still served, and the version to use instead
	gone     map[string]string            // kinds that have been removed, and what to do instead
}

const (
	tektonAPI   = "tekton.dev"
	triggersAPI = "triggers.tekton.dev"
)

var apiGroups = []*apiGroup{
	{
		name: tektonAPI, noun: "Tekton",
		served: map[string][]string{
			"v1":       {"Task", "TaskRun", "Pipeline", "PipelineRun"},
			"v1beta1":  {"Task", "TaskRun", "Pipeline", "PipelineRun", "StepAction", "CustomRun"},
			"v1alpha1": {"StepAction", "VerificationPolicy"},
		},
		outdated: map[string]map[string]string{
			"v1beta1":  {"Task": "v1", "TaskRun": "v1", "Pipeline": "v1", "PipelineRun": "v1"},
			"v1alpha1": {"StepAction": "v1beta1"},
		},
		gone: map[string]string{
			"ClusterTask":      "convert it to a Task, and use the cluster resolver to refer to it from other namespaces",
			"PipelineResource": "replace it with params, workspaces and results, and with a Task that does what the resource did, such as git-clone",
			"Condition":        "use a when expression with the result of a task as its input",
			"Run":              "use a CustomRun of tekton.dev/v1beta1",
		},
	},
	{
		name: triggersAPI, noun: "Tekton Triggers",
		served: map[string][]string{
			"v1beta1":  {"EventListener", "Trigger", "TriggerBinding", "ClusterTriggerBinding", "TriggerTemplate"},
			"v1alpha1": {"EventListener", "Trigger", "TriggerBinding", "ClusterTriggerBinding", "TriggerTemplate", "ClusterInterceptor", "Interceptor"},
		},
		outdated: map[string]map[string]string{
			"v1alpha1": {"EventListener": "v1beta1", "Trigger": "v1beta1", "TriggerBinding": "v1beta1", "ClusterTriggerBinding": "v1beta1", "TriggerTemplate": "v1beta1"},
		},
	},
}

// groupOf returns the group of Tekton that an object belongs to, or was meant to.
// The kind decides if the version has no group.
func groupOf(version, kind string) *apiGroup {
	group, _, ok := strings.Cut(version, "/")
	for _, g := range apiGroups {
		if ok && group == g.name || version == g.name {
			return g
		}
		if !ok && slices.Contains(g.served["v1beta1"], kind) {
			return g
		}
	}
	return nil
}

// Version returns how a cluster handles the apiVersion and the kind of the object.
func (e *Entry) Version() Version {
	version, kind := e.Ref.APIVersion, e.Ref.Kind
	if e.Old != nil {
		version = tektonAPI + "/v1beta1" // a struct may not set it
	}
	v := Version{APIVersion: version}
	if version == "" {
		return v
	}
	isVersion := len(kind) > 1 && kind[0] == 'v' && kind[1] >= '0' && kind[1] <= '9'
	if kind != "" && (isVersion || !IsIdentifier(kind)) && !tekref.Contains(kind) {
		v.State = NotAKind
		return v
	}
	g := groupOf(version, kind)
	if g == nil {
		return v.ofKubernetes(kind)
	}
	v.Noun, v.Group = g.noun, g.name
	_, short, _ := strings.Cut(version, "/")
	if slices.Contains(g.served[short], kind) {
		if to := g.outdated[short][kind]; to != "" {
			v.State, v.To = Deprecated, g.name+"/"+to
		}
		return v
	}
	if help, ok := g.gone[kind]; ok {
		v.State, v.Instead = KindRemoved, help
		return v
	}
	for _, served := range [...]string{"v1", "v1beta1", "v1alpha1"} {
		if !slices.Contains(g.served[served], kind) {
			continue
		}
		v.To = g.name + "/" + served
		switch {
		case short == "v1alpha1":
			v.State = NoLongerServed
		case strings.HasPrefix(version, g.name+"/"):
			v.State = NeverServed
		default:
			v.State = OtherGroup
		}
		return v
	}
	v.State, v.Kinds = NoSuchKind, slices.Concat(g.served["v1beta1"], g.served["v1alpha1"])
	return v
}

// removedVersion lists kinds of an API version that Kubernetes no longer serves.
type removedVersion struct {
	version string
	kinds   []string // nil for all kinds of the version
	since   string
	to      string // the version to use instead; "" if the kind was removed
}

// removedVersions is in order: the first match is used.
var removedVersions = []removedVersion{
	{"extensions/v1beta1", []string{"Ingress"}, "1.22", "networking.k8s.io/v1"},
	{"extensions/v1beta1", []string{"NetworkPolicy"}, "1.16", "networking.k8s.io/v1"},
	{"extensions/v1beta1", []string{"PodSecurityPolicy"}, "1.16", ""},
	{"extensions/v1beta1", nil, "1.16", "apps/v1"},
	{"networking.k8s.io/v1beta1", []string{"Ingress", "IngressClass"}, "1.22", "networking.k8s.io/v1"},
	{"apps/v1beta1", nil, "1.16", "apps/v1"},
	{"apps/v1beta2", nil, "1.16", "apps/v1"},
	{"batch/v1beta1", nil, "1.25", "batch/v1"},
	{"batch/v2alpha1", nil, "1.21", "batch/v1"},
	{"policy/v1beta1", []string{"PodSecurityPolicy"}, "1.25", ""},
	{"policy/v1beta1", nil, "1.25", "policy/v1"},
	{"rbac.authorization.k8s.io/v1beta1", nil, "1.22", "rbac.authorization.k8s.io/v1"},
	{"rbac.authorization.k8s.io/v1alpha1", nil, "1.22", "rbac.authorization.k8s.io/v1"},
	{"autoscaling/v2beta1", nil, "1.25", "autoscaling/v2"},
	{"autoscaling/v2beta2", nil, "1.26", "autoscaling/v2"},
	{"apiextensions.k8s.io/v1beta1", nil, "1.22", "apiextensions.k8s.io/v1"},
	{"apiregistration.k8s.io/v1beta1", nil, "1.22", "apiregistration.k8s.io/v1"},
	{"certificates.k8s.io/v1beta1", []string{"CertificateSigningRequest"}, "1.22", "certificates.k8s.io/v1"},
	{"coordination.k8s.io/v1beta1", []string{"Lease"}, "1.22", "coordination.k8s.io/v1"},
	{"discovery.k8s.io/v1beta1", nil, "1.25", "discovery.k8s.io/v1"},
	{"events.k8s.io/v1beta1", nil, "1.25", "events.k8s.io/v1"},
	{"node.k8s.io/v1beta1", nil, "1.25", "node.k8s.io/v1"},
	{"scheduling.k8s.io/v1beta1", nil, "1.22", "scheduling.k8s.io/v1"},
	{"storage.k8s.io/v1beta1", []string{"StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"}, "1.22", "storage.k8s.io/v1"},
	{"admissionregistration.k8s.io/v1beta1", []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}, "1.22", "admissionregistration.k8s.io/v1"},
}

// ofKubernetes reports whether Kubernetes no longer serves the version.
func (v Version) ofKubernetes(kind string) Version {
	i := slices.IndexFunc(removedVersions, func(r removedVersion) bool {
		return r.version == v.APIVersion && (r.kinds == nil || slices.Contains(r.kinds, kind))
	})
	if i >= 0 {
		v.State, v.Since, v.To = RemovedFromServer, removedVersions[i].since, removedVersions[i].to
	}
	return v
}

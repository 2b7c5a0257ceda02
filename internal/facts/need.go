package facts

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/internal/rbac"
	"github.com/tekwright/tekwright/internal/tekref"
)

// Need is a reference to an object by its kind and name: to a Secret, a ConfigMap, a
// PersistentVolumeClaim, a ServiceAccount, a role, a Service, or an object of Tekton
// Triggers. References to Tasks, Pipelines and StepActions are [Ref]s.
type Need struct {
	Spot Spot
	Kind string
	Name string
	// Namespace is the namespace of the object.
	Namespace string
	// For is the purpose of the reference, which decides what happens if the object is
	// missing.
	For Purpose
	// Optional reports whether the object may be missing.
	Optional bool
	// Skipped reports whether the object that refers to it works without it, and only
	// logs that.
	Skipped bool
	// Keys are the keys of a Secret or a ConfigMap that are read.
	Keys []NeededKey
	// Port is the port of a Service that an Ingress refers to; nil for others.
	Port *networkingv1.ServiceBackendPort
	// Default reports whether it is the default ServiceAccount of a run that sets none.
	// Its name is from the profile.
	Default bool
}

// NeededKey is a key of a Secret or a ConfigMap that is read.
type NeededKey struct {
	Spot Spot
	Key  string
}

// Purpose is the purpose of a reference.
type Purpose int

// The purposes.
const (
	ForPod         Purpose = iota // a pod, a ServiceAccount of one, or the role of a binding
	ForResolver                   // to fetch a Task or a Pipeline
	ForEvent                      // to process an event: a binding, a template
	ForTrigger                    // a trigger of a listener
	ForInterceptor                // to call an interceptor
	ForWebhook                    // to reach an interceptor, or to verify an event with a secret
	ForListener                   // a setting of the pod of a listener
	ForCertificate                // to serve TLS
	ForSubject                    // the subject of a role binding
	ForSelector                   // to select triggers
	ForPull                       // to pull images
)

// Needs returns the objects that the object refers to. References without a name, or
// with a variable in the name, are left out.
func (e *Entry) Needs() []Need {
	if e.needsDone {
		return e.needs
	}
	e.needsDone = true
	s := e.At("spec")
	switch {
	case e.Task != nil:
		e.taskNeeds(s, &e.Task.Spec)
	case e.StepAction != nil:
		e.envNeeds(s, e.StepAction.Spec.Env, nil)
	case e.Pipeline != nil:
		e.pipelineNeeds(s, &e.Pipeline.Spec)
	case e.Run != nil:
		e.runNeeds(s)
	case e.TaskRun != nil:
		spec := &e.TaskRun.Spec
		e.bindingNeeds(s, spec.Workspaces)
		e.podNeeds(s.Field("podTemplate"), spec.PodTemplate)
		e.accountNeed(s, s.Field("serviceAccountName"), spec.ServiceAccountName)
		if spec.TaskRef != nil {
			e.resolverNeeds(s.Field("taskRef"), &spec.TaskRef.ResolverRef)
		}
		if spec.TaskSpec != nil {
			e.taskNeeds(s.Field("taskSpec"), spec.TaskSpec)
		}
	default:
		e.eventNeeds(s)
		e.kubeNeeds()
	}
	return e.needs
}

func (e *Entry) need(n Need) {
	if n.Name == "" && !n.Default || tekref.Contains(n.Name) {
		return
	}
	n.Namespace = cmp.Or(n.Namespace, e.Ref.Namespace)
	e.needs = append(e.needs, n)
}

// accountNeed adds the ServiceAccount that is set, or the default one.
func (e *Entry) accountNeed(spec, at Spot, name string) {
	if name == "" {
		e.need(Need{Spot: spec, Kind: "ServiceAccount", Default: true})
		return
	}
	e.need(Need{Spot: at, Kind: "ServiceAccount", Name: name})
}

func (e *Entry) runNeeds(s Spot) {
	spec := &e.Run.Spec
	e.bindingNeeds(s, spec.Workspaces)
	template := s.Field("taskRunTemplate")
	e.podNeeds(template.Field("podTemplate"), spec.TaskRunTemplate.PodTemplate)
	e.accountNeed(s, template.Field("serviceAccountName"), spec.TaskRunTemplate.ServiceAccountName)
	for i := range spec.TaskRunSpecs {
		o, at := &spec.TaskRunSpecs[i], s.Index("taskRunSpecs", i)
		e.need(Need{Spot: at.Field("serviceAccountName"), Kind: "ServiceAccount", Name: o.ServiceAccountName})
		e.podNeeds(at.Field("podTemplate"), o.PodTemplate)
	}
	if spec.PipelineRef != nil {
		e.resolverNeeds(s.Field("pipelineRef"), &spec.PipelineRef.ResolverRef)
	}
	if spec.PipelineSpec != nil {
		e.pipelineNeeds(s.Field("pipelineSpec"), spec.PipelineSpec)
	}
}

func (e *Entry) pipelineNeeds(s Spot, spec *v1.PipelineSpec) {
	for _, list := range [...]struct {
		name  string
		tasks []v1.PipelineTask
	}{{"tasks", spec.Tasks}, {"finally", spec.Finally}} {
		for i := range list.tasks {
			t, at := &list.tasks[i], s.Index(list.name, i)
			if t.TaskSpec != nil {
				e.taskNeeds(at.Field("taskSpec"), &t.TaskSpec.TaskSpec)
			}
			if t.PipelineSpec != nil {
				e.pipelineNeeds(at.Field("pipelineSpec"), t.PipelineSpec)
			}
			if t.TaskRef != nil {
				e.resolverNeeds(at.Field("taskRef"), &t.TaskRef.ResolverRef)
			}
			if t.PipelineRef != nil {
				e.resolverNeeds(at.Field("pipelineRef"), &t.PipelineRef.ResolverRef)
			}
		}
	}
}

func (e *Entry) taskNeeds(s Spot, spec *v1.TaskSpec) {
	e.volumeNeeds(s, spec.Volumes)
	if t := spec.StepTemplate; t != nil {
		e.envNeeds(s.Field("stepTemplate"), t.Env, t.EnvFrom)
	}
	for i := range spec.Steps {
		at := s.Index("steps", i)
		e.envNeeds(at, spec.Steps[i].Env, spec.Steps[i].EnvFrom)
		if ref := spec.Steps[i].Ref; ref != nil {
			e.resolverNeeds(at.Field("ref"), &ref.ResolverRef)
		}
	}
	for i := range spec.Sidecars {
		e.envNeeds(s.Index("sidecars", i), spec.Sidecars[i].Env, spec.Sidecars[i].EnvFrom)
	}
}

// bindingNeeds adds the objects that the workspaces of a run are bound to.
func (e *Entry) bindingNeeds(s Spot, list []v1.WorkspaceBinding) {
	for i := range list {
		w, at := &list[i], s.Index("workspaces", i)
		switch {
		case w.Secret != nil:
			e.secretVolume(at.Field("secret"), w.Secret)
		case w.ConfigMap != nil:
			e.configMapVolume(at.Field("configMap"), w.ConfigMap)
		case w.PersistentVolumeClaim != nil:
			e.need(Need{Spot: at.Field("persistentVolumeClaim", "claimName"), Kind: "PersistentVolumeClaim", Name: w.PersistentVolumeClaim.ClaimName})
		case w.Projected != nil:
			e.projectedVolume(at.Field("projected"), w.Projected)
		case w.CSI != nil:
			e.csiVolume(at.Field("csi"), w.CSI)
		}
	}
}

func (e *Entry) podNeeds(s Spot, t *pod.PodTemplate) {
	if t == nil {
		return
	}
	e.envNeeds(s, t.Env, nil)
	e.volumeNeeds(s, t.Volumes)
	for i := range t.ImagePullSecrets {
		e.need(Need{Spot: s.Index("imagePullSecrets", i).Field("name"), Kind: "Secret", Name: t.ImagePullSecrets[i].Name, For: ForPull, Skipped: true})
	}
}

func isTrue(b *bool) bool { return b != nil && *b }

// envNeeds adds the objects that the environment of a container is read from.
func (e *Entry) envNeeds(s Spot, env []corev1.EnvVar, from []corev1.EnvFromSource) {
	for i := range env {
		v := env[i].ValueFrom
		if v == nil {
			continue
		}
		at := s.Index("env", i).Field("valueFrom")
		if r := v.SecretKeyRef; r != nil {
			e.keyNeed(at.Field("secretKeyRef"), "Secret", r.Name, r.Key, isTrue(r.Optional))
		}
		if r := v.ConfigMapKeyRef; r != nil {
			e.keyNeed(at.Field("configMapKeyRef"), "ConfigMap", r.Name, r.Key, isTrue(r.Optional))
		}
	}
	for i := range from {
		at := s.Index("envFrom", i)
		if r := from[i].SecretRef; r != nil {
			e.need(Need{Spot: at.Field("secretRef", "name"), Kind: "Secret", Name: r.Name, Optional: isTrue(r.Optional)})
		}
		if r := from[i].ConfigMapRef; r != nil {
			e.need(Need{Spot: at.Field("configMapRef", "name"), Kind: "ConfigMap", Name: r.Name, Optional: isTrue(r.Optional)})
		}
	}
}

func (e *Entry) keyNeed(s Spot, kind, name, key string, optional bool) {
	n := Need{Spot: s.Field("name"), Kind: kind, Name: name, Optional: optional}
	if !optional {
		n.Keys = []NeededKey{{s.Field("key"), key}}
	}
	e.need(n)
}

func (e *Entry) volumeNeeds(s Spot, list []corev1.Volume) {
	for i := range list {
		v, at := &list[i].VolumeSource, s.Index("volumes", i)
		switch {
		case v.Secret != nil:
			e.secretVolume(at.Field("secret"), v.Secret)
		case v.ConfigMap != nil:
			e.configMapVolume(at.Field("configMap"), v.ConfigMap)
		case v.PersistentVolumeClaim != nil:
			e.need(Need{Spot: at.Field("persistentVolumeClaim", "claimName"), Kind: "PersistentVolumeClaim", Name: v.PersistentVolumeClaim.ClaimName})
		case v.Projected != nil:
			e.projectedVolume(at.Field("projected"), v.Projected)
		case v.CSI != nil:
			e.csiVolume(at.Field("csi"), v.CSI)
		}
	}
}

func (e *Entry) secretVolume(s Spot, v *corev1.SecretVolumeSource) {
	e.need(Need{Spot: s.Field("secretName"), Kind: "Secret", Name: v.SecretName, Optional: isTrue(v.Optional), Keys: items(s, v.Items, v.Optional)})
}

func (e *Entry) configMapVolume(s Spot, v *corev1.ConfigMapVolumeSource) {
	e.need(Need{Spot: s.Field("name"), Kind: "ConfigMap", Name: v.Name, Optional: isTrue(v.Optional), Keys: items(s, v.Items, v.Optional)})
}

func (e *Entry) projectedVolume(s Spot, v *corev1.ProjectedVolumeSource) {
	for i := range v.Sources {
		at := s.Index("sources", i)
		if r := v.Sources[i].Secret; r != nil {
			at := at.Field("secret")
			e.need(Need{Spot: at.Field("name"), Kind: "Secret", Name: r.Name, Optional: isTrue(r.Optional), Keys: items(at, r.Items, r.Optional)})
		}
		if r := v.Sources[i].ConfigMap; r != nil {
			at := at.Field("configMap")
			e.need(Need{Spot: at.Field("name"), Kind: "ConfigMap", Name: r.Name, Optional: isTrue(r.Optional), Keys: items(at, r.Items, r.Optional)})
		}
	}
}

func (e *Entry) csiVolume(s Spot, v *corev1.CSIVolumeSource) {
	if v.NodePublishSecretRef != nil {
		e.need(Need{Spot: s.Field("nodePublishSecretRef", "name"), Kind: "Secret", Name: v.NodePublishSecretRef.Name})
	}
}

// items returns the keys that a volume projects to files.
func items(s Spot, list []corev1.KeyToPath, optional *bool) []NeededKey {
	if isTrue(optional) {
		return nil
	}
	var out []NeededKey
	for i := range list {
		out = append(out, NeededKey{s.Index("items", i).Field("key"), list[i].Key})
	}
	return out
}

// resolverSecrets are the params of the resolvers that refer to a Secret, with the
// param for its key and the default key.
var resolverSecrets = map[string][][3]string{
	"git":     {{"token", "tokenKey", "token"}, {"gitToken", "gitTokenKey", "token"}},
	"http":    {{"http-password-secret", "http-password-secret-key", "password"}},
	"bundles": {{"secret", "", ""}},
}

// resolverNeeds adds the Secrets that a resolver reads in the namespace of the run.
func (e *Entry) resolverNeeds(s Spot, ref *v1.ResolverRef) {
	r := Ref{Resolver: string(ref.Resolver), Params: ref.Params}
	ignored := r.Unread()
	for _, names := range resolverSecrets[r.Resolver] {
		if slices.ContainsFunc(ignored, func(u Unread) bool { return u.Name == names[0] }) {
			continue
		}
		key, keyAt := names[2], -1
		for i := range ref.Params {
			if v := &ref.Params[i].Value; ref.Params[i].Name == names[1] && names[1] != "" && ValueKind(v) == v1.ParamTypeString {
				key, keyAt = v.StringVal, i
			}
		}
		for i := range ref.Params {
			v := &ref.Params[i].Value
			if ref.Params[i].Name != names[0] || ValueKind(v) != v1.ParamTypeString {
				continue
			}
			at := s.Index("params", i).Field("value")
			n := Need{Spot: at, Kind: "Secret", Name: v.StringVal, For: ForResolver}
			if key != "" {
				if keyAt >= 0 {
					at = s.Index("params", keyAt).Field("value")
				}
				n.Keys = []NeededKey{{at, key}}
			}
			e.need(n)
		}
	}
	if ref.Resolver != "bundles" {
		return
	}
	for i := range ref.Params {
		if p := &ref.Params[i]; p.Name == "serviceAccount" && ValueKind(&p.Value) == v1.ParamTypeString {
			e.need(Need{Spot: s.Index("params", i).Field("value"), Kind: "ServiceAccount", Name: p.Value.StringVal})
		}
	}
}

// kubeNeeds adds the objects that Kubernetes' own kinds refer to.
func (e *Entry) kubeNeeds() {
	if e.IsCopy() {
		return // errors are reported at the first
	}
	switch o := e.Kube.(type) {
	case *corev1.ServiceAccount:
		for i := range o.Secrets {
			name := o.Secrets[i].Name
			if strings.HasPrefix(name, e.Ref.Name+"-token-") || strings.HasPrefix(name, e.Ref.Name+"-dockercfg-") {
				continue // created by Kubernetes
			}
			e.need(Need{Spot: e.At().Index("secrets", i).Field("name"), Kind: "Secret", Name: name, Skipped: true})
		}
		for i := range o.ImagePullSecrets {
			e.need(Need{Spot: e.At().Index("imagePullSecrets", i).Field("name"), Kind: "Secret", Name: o.ImagePullSecrets[i].Name, For: ForPull, Skipped: true})
		}
	case *networkingv1.Ingress:
		e.ingressNeeds(o)
	case *rbacv1.RoleBinding:
		e.roleNeeds(o.RoleRef, o.Subjects)
	case *rbacv1.ClusterRoleBinding:
		e.roleNeeds(o.RoleRef, o.Subjects)
	}
}

func (e *Entry) ingressNeeds(o *networkingv1.Ingress) {
	s := e.At("spec")
	for i := range o.Spec.TLS {
		if HasCertificates(o) {
			break
		}
		at := s.Index("tls", i).Field("secretName")
		e.need(Need{Spot: at, Kind: "Secret", Name: o.Spec.TLS[i].SecretName, For: ForCertificate, Keys: []NeededKey{
			{at, corev1.TLSCertKey}, {at, corev1.TLSPrivateKeyKey},
		}})
	}
	e.EachBackend(func(at Spot, b *networkingv1.IngressBackend) {
		if b.Service == nil || b.Resource != nil || len(validation.IsDNS1035Label(b.Service.Name)) > 0 || !ValidPort(b.Service.Port) {
			return
		}
		if listener, ok := strings.CutPrefix(b.Service.Name, "el-"); ok && e.set.Find("EventListener", e.Ref.Namespace, listener, e) != nil {
			return // the Service that Tekton creates for it
		}
		e.need(Need{Spot: at.Field("service", "name"), Kind: "Service", Name: b.Service.Name, Port: &b.Service.Port})
	})
}

// HasCertificates reports whether a certificate controller manages an Ingress. The
// controller creates the Secret, or needs none.
func HasCertificates(o *networkingv1.Ingress) bool {
	for name := range o.Annotations {
		if strings.HasPrefix(name, "cert-manager.io/") || strings.Contains(name, "tls-acme") || strings.Contains(name, "certificate") || strings.Contains(name, "pre-shared-cert") {
			return true
		}
	}
	return false
}

// EachBackend calls visit for each backend of an Ingress.
func (e *Entry) EachBackend(visit func(Spot, *networkingv1.IngressBackend)) {
	o, ok := e.Kube.(*networkingv1.Ingress)
	if !ok {
		return
	}
	s := e.At("spec")
	if o.Spec.DefaultBackend != nil {
		visit(s.Field("defaultBackend"), o.Spec.DefaultBackend)
	}
	for i := range o.Spec.Rules {
		http := o.Spec.Rules[i].HTTP
		if http == nil {
			continue
		}
		for j := range http.Paths {
			visit(s.Index("rules", i).Field("http").Index("paths", j).Field("backend"), &http.Paths[j].Backend)
		}
	}
}

// ValidPort reports whether the port of a backend is set by either name or number,
// and is valid.
func ValidPort(p networkingv1.ServiceBackendPort) bool {
	return (p.Name != "") != (p.Number != 0) && p.Number >= 0 && p.Number <= 65535
}

// roleNeeds adds the role of a binding, and its ServiceAccounts.
func (e *Entry) roleNeeds(ref rbacv1.RoleRef, subjects []rbacv1.Subject) {
	for i := range subjects {
		o := &subjects[i]
		if o.Kind == rbacv1.ServiceAccountKind && (o.Namespace != "" || e.Ref.Kind == "RoleBinding") {
			e.need(Need{Spot: e.At().Index("subjects", i).Field("name"), Kind: "ServiceAccount", Name: o.Name, Namespace: o.Namespace, For: ForSubject})
		}
	}
	switch {
	case ref.Kind == "ClusterRole" && !rbac.IsBuiltIn(ref.Name):
	case ref.Kind == "Role" && e.Ref.Kind == "RoleBinding" && !e.BindsClusterRole(ref):
	default:
		return
	}
	e.need(Need{Spot: e.At("roleRef", "name"), Kind: ref.Kind, Name: ref.Name})
}

// BindsClusterRole reports whether a RoleBinding refers to a Role that is not in the
// set, while a ClusterRole has that name.
func (e *Entry) BindsClusterRole(ref rbacv1.RoleRef) bool {
	return e.set.Find("Role", e.Ref.Namespace, ref.Name, e) == nil && (rbac.IsBuiltIn(ref.Name) || e.set.Find("ClusterRole", "", ref.Name, e) != nil)
}

// IsCopy reports whether an earlier object of the set is identical.
func (e *Entry) IsCopy() bool {
	e.set.asked(Objects)
	if e.Within != nil {
		return false
	}
	list := e.set.index[[2]string{e.Ref.Kind, e.Ref.Name}]
	return len(list) > 1 && list[0] != e && list[0].Ref == e.Ref && equality.Semantic.DeepEqual(list[0].Object.Object, e.Object.Object)
}

// eventNeeds adds the objects that objects of Tekton Triggers refer to.
func (e *Entry) eventNeeds(s Spot) {
	switch o := e.Event; {
	case o.Listener != nil:
		spec := &o.Listener.Spec
		if spec.LabelSelector == nil && len(spec.NamespaceSelector.MatchNames) == 0 && len(spec.TriggerGroups) == 0 && len(spec.Triggers) == 0 {
			return
		}
		e.need(Need{Spot: s.Field("serviceAccountName"), Kind: "ServiceAccount", Name: spec.ServiceAccountName})
		for i := range spec.Triggers {
			t := &spec.Triggers[i]
			if t.TriggerRef != "" && t.Template == nil && t.Bindings == nil && t.Interceptors == nil {
				e.need(Need{Spot: s.Index("triggers", i).Field("triggerRef"), Kind: "Trigger", Name: t.TriggerRef, For: ForTrigger})
			}
		}
		for _, t := range e.Triggers() {
			t.needs()
		}
		for _, g := range e.TriggerGroups() {
			e.interceptorNeeds(g.Chain)
			e.selectorNeeds(g.Spot.Field("triggerSelector"), g.Spec.TriggerSelector.NamespaceSelector.MatchNames)
		}
		e.selectorNeeds(s, spec.NamespaceSelector.MatchNames)
		e.listenerPodNeeds()
	case o.Trigger != nil:
		for _, t := range e.Triggers() {
			t.needs()
		}
	case o.Interceptor != nil:
		service := o.Interceptor.Spec.ClientConfig.Service
		if service != nil && o.Interceptor.Spec.ClientConfig.URL == nil && service.Namespace != "" && e.Ref.Name != "" && !slices.Contains(CoreInterceptors, e.Ref.Name) {
			e.need(Need{Spot: s.Field("clientConfig", "service", "name"), Kind: "Service", Name: service.Name, Namespace: service.Namespace, For: ForWebhook})
		}
	}
}

// inNamespace reports whether an object sets the namespace.
func (s *Set) inNamespace(name string) bool {
	return s.usedNamespaces.of(func() []string { return namesOf(s.entries, func(e **Entry) string { return (*e).Ref.Namespace }) }).has(name)
}

// selectorNeeds adds the namespaces in which a listener looks for triggers.
func (e *Entry) selectorNeeds(s Spot, namespaces []string) {
	for i, name := range namespaces {
		if name != "*" && !e.set.inNamespace(name) {
			e.need(Need{Spot: s.Field("namespaceSelector").Index("matchNames", i), Kind: "Namespace", Name: name, For: ForSelector, Skipped: true})
		}
	}
}

// needs adds the objects that a trigger refers to.
func (t *Trigger) needs() {
	e := t.Spot.Entry
	for i, b := range t.Bindings {
		if b == nil || b.Ref == "" || b.Name != "" {
			continue // the last is a conflict, which is wrong in any case
		}
		kind := string(b.Kind)
		switch kind {
		case "":
			kind = string(triggersv1beta1.NamespacedTriggerBindingKind) // the default that the webhook sets
		case string(triggersv1beta1.NamespacedTriggerBindingKind), string(triggersv1beta1.ClusterTriggerBindingKind):
		default:
			continue
		}
		e.need(Need{Spot: t.Spot.Index("bindings", i).Field("ref"), Kind: kind, Name: b.Ref, For: ForEvent})
	}
	if t.Template != nil && t.Template.Spec == nil && t.Template.Ref != nil {
		e.need(Need{Spot: t.Spot.Field("template", "ref"), Kind: "TriggerTemplate", Name: *t.Template.Ref, For: ForEvent})
	}
	e.need(Need{Spot: t.Spot.Field("serviceAccountName"), Kind: "ServiceAccount", Name: t.Account})
	e.interceptorNeeds(t.Chain())
}

// interceptorNeeds adds the interceptors that are called, and the objects that they
// read. A namespaced interceptor is in the namespace of the listener.
func (e *Entry) interceptorNeeds(chain []*Interceptor) {
	for _, x := range chain {
		switch {
		case x.Spec == nil:
		case x.Spec.Webhook != nil:
			if ref := x.Spec.Webhook.ObjectRef; ref != nil && x.Spec.Webhook.URL == nil && ref.Kind == "Service" && ref.APIVersion == "v1" {
				e.need(Need{Spot: x.Spot.Field("webhook", "objectRef", "name"), Kind: "Service", Name: ref.Name, Namespace: ref.Namespace, For: ForWebhook})
			}
		case x.Spec.Ref.Name == "":
		default:
			e.interceptorNeed(x.Spot.Field("ref", "name"), x.Spec)
			for _, ref := range x.Secrets() {
				if ref.Key != "" { // without a key it rejects every event
					e.need(Need{Spot: ref.Spot.Field("secretName"), Kind: "Secret", Name: ref.Name, For: ForWebhook, Keys: []NeededKey{{ref.Spot.Field("secretKey"), ref.Key}}})
				}
			}
		}
	}
}

func (e *Entry) interceptorNeed(at Spot, x *triggersv1beta1.TriggerInterceptor) {
	switch x.Ref.Kind {
	case "", triggersv1beta1.ClusterInterceptorKind: // the webhook defaults to the first
		if !slices.Contains(CoreInterceptors, x.Ref.Name) {
			e.need(Need{Spot: at, Kind: "ClusterInterceptor", Name: x.Ref.Name, For: ForInterceptor})
		}
	case triggersv1beta1.NamespacedInterceptorKind:
		namespaces := map[string]bool{}
		if e.Event.Trigger != nil {
			for _, u := range e.Triggers()[0].Users() {
				namespaces[u.Listener.Ref.Namespace] = true
			}
		}
		if len(namespaces) == 0 {
			namespaces[e.Ref.Namespace] = true
		}
		for _, namespace := range slices.Sorted(maps.Keys(namespaces)) {
			e.need(Need{Spot: at, Kind: "Interceptor", Name: x.Ref.Name, Namespace: namespace, For: ForInterceptor})
		}
	}
}

// Found returns the object that is referred to; nil if it is not in the set.
func (n *Need) Found() *Entry {
	return n.Spot.Entry.set.Find(n.Kind, n.Namespace, n.Name, n.Spot.Entry)
}

// IsEverywhere reports whether Kubernetes creates the object in each namespace.
func (n *Need) IsEverywhere() bool {
	return n.Kind == "ServiceAccount" && n.Name == "default" ||
		n.Kind == "ConfigMap" && (n.Name == "kube-root-ca.crt" || n.Name == "openshift-service-ca.crt")
}

// makers are the kinds whose controllers create a Secret, with the field for its
// name. Without that field, the Secret has the name of the object.
var makers = map[string][]string{
	"SealedSecret":          {"spec", "template", "metadata", "name"},
	"ExternalSecret":        {"spec", "target", "name"},
	"Certificate":           {"spec", "secretName"},
	"VaultStaticSecret":     {"spec", "destination", "name"},
	"VaultDynamicSecret":    {"spec", "destination", "name"},
	"VaultPKISecret":        {"spec", "destination", "name"},
	"OnePasswordItem":       nil,
	"SopsSecret":            nil,
	"InfisicalSecret":       {"spec", "managedSecretReference", "secretName"},
	"BitwardenSecret":       {"spec", "secretName"},
	"DopplerSecret":         {"spec", "managedSecret", "name"},
	"SecretProviderClass":   nil,
	"ClusterExternalSecret": {"spec", "externalSecretName"},
}

// IsMade reports whether the controller of an object in the set creates the Secret.
func (s *Set) IsMade(namespace, name string) bool {
	s.asked(Objects)
	if s.made == nil {
		s.made = map[string][]string{}
		for _, e := range s.entries {
			path, ok := makers[e.Ref.Kind]
			u, loose := e.Object.Object.(*unstructured.Unstructured)
			if !ok || !loose {
				continue
			}
			made := e.Ref.Name
			if len(path) > 0 {
				if text, _, err := unstructured.NestedString(u.Object, path...); err == nil && text != "" {
					made = text
				}
			}
			s.made[made] = append(s.made[made], e.Ref.Namespace)
		}
	}
	return slices.ContainsFunc(s.made[name], func(ns string) bool { return SameNamespace(ns, namespace) })
}

// SameNamespace reports whether two namespaces may be the same. An object without a
// namespace may be applied to any.
func SameNamespace(a, b string) bool { return a == b || a == "" || b == "" }

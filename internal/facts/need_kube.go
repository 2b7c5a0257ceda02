package facts

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/internal/rbac"
)

// This file finds the objects that Kubernetes' own kinds refer to.

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
	case nil:
		e.serviceNeeds() // of an HTTPRoute
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
	e.serviceNeeds()
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

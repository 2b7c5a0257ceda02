package podspec

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/tekwright/tekwright/pkg/diag"
)

// EnvVar returns the problems of an environment variable, except for its name.
func EnvVar(v *corev1.EnvVar) []Problem {
	from := v.ValueFrom
	if from == nil {
		return nil
	}
	var l problems
	at, sources := diag.Fields("valueFrom"), 0
	if r := from.FieldRef; r != nil {
		sources++
		l.fieldRef(at.Field("fieldRef"), r, envFields)
	}
	if r := from.ResourceFieldRef; r != nil {
		sources++
		l.resourceFieldRef(at.Field("resourceFieldRef"), r)
	}
	if r := from.ConfigMapKeyRef; r != nil {
		sources++
		l.keyRef(at.Field("configMapKeyRef"), "a configMapKeyRef", r.Name, r.Key)
	}
	if r := from.SecretKeyRef; r != nil {
		sources++
		l.keyRef(at.Field("secretKeyRef"), "a secretKeyRef", r.Name, r.Key)
	}
	if from.FileKeyRef != nil {
		sources++
	}
	switch {
	case sources == 0:
		l.add(at, "", "has a valueFrom without a source", "set one of secretKeyRef, configMapKeyRef, fieldRef and resourceFieldRef")
	case v.Value != "" && !isOpen(v.Value):
		l.add(at, "", "has both value and valueFrom", "remove one of them")
	case sources > 1:
		l.add(at, "", "has a valueFrom with several sources", "keep one of them")
	}
	return l
}

// keyRef checks a reference to a key of a Secret or a ConfigMap.
func (l *problems) keyRef(at diag.Path, noun, name, key string) {
	if !l.lacks(at, "name", name, noun) {
		l.invalid(at.Field("name"), "name", name, "use the name of the object", validation.IsDNS1123Subdomain)
	}
	if !l.lacks(at, "key", key, noun) {
		l.invalid(at.Field("key"), "key", key, "use only letters, digits, ., - and _", validation.IsConfigMapKey)
	}
}

// The fields of a pod that environment variables and files can have the value of.
var (
	envFields = []string{
		"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
		"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
	}
	fileFields = []string{"metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"}
)

// fieldRef checks a reference to a field of the pod.
func (l *problems) fieldRef(at diag.Path, r *corev1.ObjectFieldSelector, fields []string) {
	if r.APIVersion != "" {
		l.oneOf(at.Field("apiVersion"), "apiVersion in its fieldRef", r.APIVersion, "v1")
	}
	if l.lacks(at, "fieldPath", r.FieldPath, "a fieldRef") || isOpen(r.FieldPath) {
		return
	}
	at = at.Field("fieldPath")
	if path, key, ok := strings.Cut(strings.TrimSuffix(r.FieldPath, "']"), "['"); ok && strings.HasSuffix(r.FieldPath, "']") && path != "" {
		switch {
		case path != "metadata.labels" && path != "metadata.annotations":
			l.add(at, r.FieldPath, "has a fieldRef to a key of "+path+", which has none", "use metadata.labels['KEY'] or metadata.annotations['KEY']")
		case path == "metadata.annotations":
			key = strings.ToLower(key)
			fallthrough
		default:
			l.invalid(at, "key in its fieldRef", key, "write the key of a label or an annotation", validation.IsQualifiedName)
		}
		return
	}
	if !slices.Contains(fields, r.FieldPath) && (r.FieldPath != "spec.host" || !slices.Contains(fields, "spec.nodeName")) {
		l.oneOf(at, "field in its fieldRef", r.FieldPath, fields...)
	}
}

var resourceFields = []string{
	"limits.cpu", "limits.memory", "limits.ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
}

// resourceFieldRef checks a reference to the resources of a container.
func (l *problems) resourceFieldRef(at diag.Path, r *corev1.ResourceFieldSelector) {
	if l.lacks(at, "resource", r.Resource, "a resourceFieldRef") || isOpen(r.Resource) {
		return
	}
	_, size, huge := strings.Cut(r.Resource, ".hugepages-")
	if !huge || r.Resource != "limits.hugepages-"+size && r.Resource != "requests.hugepages-"+size {
		l.oneOf(at.Field("resource"), "resource in its resourceFieldRef", r.Resource, resourceFields...)
	}
	if r.Divisor.IsZero() {
		return
	}
	divisors := []string{"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"}
	if strings.HasSuffix(r.Resource, ".cpu") {
		divisors = []string{"1", "1m"}
	}
	if d := r.Divisor.String(); !slices.Contains(divisors, d) {
		l.add(at.Field("divisor"), d, "has the invalid divisor "+quote(d)+" in its resourceFieldRef", "use one of "+strings.Join(divisors, ", "))
	}
}

// EnvFrom returns the problems of an item of envFrom.
func EnvFrom(v *corev1.EnvFromSource) []Problem {
	var l problems
	at := diag.Path{}
	if v.Prefix != "" {
		l.invalid(at.Field("prefix"), "prefix", v.Prefix, "remove = and what cannot be printed", validation.IsRelaxedEnvVarName)
	}
	name := func(field, name string) {
		if at := at.Field(field); !l.lacks(at, "name", name, "a "+field) {
			l.invalid(at.Field("name"), "name", name, "use the name of the object", prefix)
		}
	}
	if v.ConfigMapRef != nil {
		name("configMapRef", v.ConfigMapRef.Name)
	}
	if v.SecretRef != nil {
		name("secretRef", v.SecretRef.Name)
	}
	switch {
	case v.ConfigMapRef == nil && v.SecretRef == nil:
		l.add(at, "", "has neither secretRef nor configMapRef", "set one of them")
	case v.ConfigMapRef != nil && v.SecretRef != nil:
		l.add(at, "", "has both secretRef and configMapRef", "make two items of it")
	}
	return l
}

// prefix checks a name as the API server does in envFrom: like one that others complete.
func prefix(name string) []string { return apivalidation.NameIsDNSSubdomain(name, true) }

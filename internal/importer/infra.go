package importer

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/tekwright/tekwright/internal/importer/plan"
	"github.com/tekwright/tekwright/internal/importer/same"
	"github.com/tekwright/tekwright/internal/kinds"
)

// ofKubernetes reports whether an object is of a kind that package infra describes, or of
// another one that is not of Tekton.
func ofKubernetes(o runtime.Object) bool {
	if _, ok := o.(*unstructured.Unstructured); ok {
		return !kinds.IsTekton(o.GetObjectKind().GroupVersionKind().GroupVersion().String())
	}
	return strings.HasPrefix(reflect.TypeOf(o).Elem().PkgPath(), "k8s.io/")
}

// kubernetes translates an object of Kubernetes: to calls of package infra if these describe
// all of it, or else to a value of its upstream type. There are no hatches, as the value is
// easier to read than calls with changes.
func (x *Index) kubernetes(o runtime.Object, file string) *Result {
	r := &Result{}
	if with := x.granting(o, file); with != nil {
		if of := Import(x, with, file); of.Func != nil && x.describes(of.Func, o) {
			r.Func = of.Func
			return r
		}
	}
	w := &writer{index: x, object: o, file: file}
	binding := x.granted(o, file)
	for _, f := range []*plan.Func{w.infraObject(binding), w.infraObject(nil), w.valueOf()} {
		if f != nil && x.describes(f, o) && (binding == nil || x.describes(f, binding)) {
			r.Func = f
			return r
		}
		binding = nil
	}
	if _, ok := o.(*unstructured.Unstructured); ok {
		return r.raw("the kind " + o.GetObjectKind().GroupVersionKind().Kind + " has no Go type")
	}
	return r.raw("no call describes a " + o.GetObjectKind().GroupVersionKind().Kind + " like this")
}

// describes reports whether a function returns an object like the original, without an error.
func (x *Index) describes(f *plan.Func, o runtime.Object) bool {
	got, faults, err := execute(f, o)
	return err == nil && len(faults) == 0 && len(x.differences(x.prepared(o), x.prepared(got))) == 0
}

// infraObject returns a function that describes an object with package infra, or nil if it has
// no calls for the kind. The function may describe less than the object has. That of a role
// describes the binding as well, unless it is nil.
func (w *writer) infraObject(binding runtime.Object) *plan.Func {
	c := &chain{}
	result := ""
	switch o := same.Prepared(w.object).(type) {
	case *corev1.Namespace:
		result = "Namespace"
		c.e = plan.Fn("infra.NewNamespace", plan.Text(o.Name))
		metadata(c, o.Labels, o.Annotations)
	case *corev1.ServiceAccount:
		result = "ServiceAccount"
		serviceAccount(c, o)
	case *corev1.ConfigMap:
		result = "ConfigMap"
		c.e = plan.Fn("infra.NewConfigMap", plan.Text(o.Name), w.data(o))
		metadata(c, o.Labels, o.Annotations)
	case *corev1.PersistentVolumeClaim:
		result = "PVC"
		volumeClaim(c, o)
	case *corev1.Secret:
		if len(o.Data) == 0 {
			return nil // a value of its type: there is nothing to hide
		}
		result = "Secret"
		secret(c, o)
	case *rbacv1.Role:
		result = "Role"
		c.e = plan.Fn("infra.NewRole", append([]plan.Expr{plan.Text(o.Name), plan.Text("")}, literals(o.Rules)...)...)
		grant(c, binding)
		metadata(c, o.Labels, o.Annotations)
	case *rbacv1.ClusterRole:
		result = "ClusterRole"
		c.e = plan.Fn("infra.NewClusterRole", append([]plan.Expr{plan.Text(o.Name)}, literals(o.Rules)...)...)
		grant(c, binding)
		metadata(c, o.Labels, o.Annotations)
	case *rbacv1.RoleBinding:
		result = "RoleBinding"
		c.e = plan.Fn("infra.NewRoleBinding", plan.Text(o.Name), plan.Text(""), plan.Text(o.RoleRef.Name))
		if o.RoleRef.Kind == "ClusterRole" {
			c.do("OfClusterRole")
		}
		grant(c, o)
		metadata(c, o.Labels, o.Annotations)
	case *rbacv1.ClusterRoleBinding:
		result = "ClusterRoleBinding"
		c.e = plan.Fn("infra.NewClusterRoleBinding", plan.Text(o.Name), plan.Text(o.RoleRef.Name))
		grant(c, o)
		metadata(c, o.Labels, o.Annotations)
	case *networkingv1.Ingress:
		result = "Ingress"
		ingress(c, o)
	case *unstructured.Unstructured:
		if o.GetKind() != "HTTPRoute" {
			return nil
		}
		result = "HTTPRoute"
		httpRoute(c, o)
	}
	if c.e == nil {
		return nil
	}
	return w.infraFunc("*infra."+result, c.e)
}

// infraFunc returns the function that describes the object.
func (w *writer) infraFunc(result string, e plan.Expr) *plan.Func {
	name, kind := nameOf(w.object), w.object.GetObjectKind().GroupVersionKind().Kind
	return &plan.Func{
		Name: w.name("", w.index.Spelling.exported(name), kind), Says: "describes the " + kind + " " + name,
		Result: result, Returns: e,
	}
}

// valueOf returns a function that returns the object as a value of its upstream type, or nil
// if it has none. A value of a Secret has no values of the Secret, and would replace them by
// nothing if it had keys.
func (w *writer) valueOf() *plan.Func {
	gvk := w.object.GetObjectKind().GroupVersionKind()
	t := reflect.TypeOf(kinds.New(gvk.GroupVersion().String(), gvk.Kind))
	if t == nil || t != reflect.TypeOf(w.object) {
		return nil
	}
	o := same.Prepared(w.object)
	if s, ok := o.(*corev1.Secret); ok && len(s.Data) > 0 {
		return nil
	}
	return w.infraFunc("manifest.Source", plan.Fn("manifest.FromObjects", plan.Literal{Value: o}))
}

func nameOf(o runtime.Object) string {
	if m, ok := o.(metav1.Object); ok {
		return m.GetName() + m.GetGenerateName()
	}
	return ""
}

// metadata translates labels and annotations.
func metadata(c *chain, labels, annotations map[string]string) {
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		c.do("Label", plan.Text(k), plan.Text(labels[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(annotations)) {
		c.do("Annotate", plan.Text(k), plan.Text(annotations[k]))
	}
}

func literals[T any](list []T) []plan.Expr {
	out := make([]plan.Expr, len(list))
	for i := range list {
		out[i] = plan.Literal{Value: list[i]}
	}
	return out
}

func serviceAccount(c *chain, o *corev1.ServiceAccount) {
	c.e = plan.Fn("infra.NewServiceAccount", plan.Text(o.Name))
	var secrets, pull []plan.Expr
	for _, s := range o.Secrets {
		secrets = append(secrets, plan.Text(s.Name))
	}
	for _, s := range o.ImagePullSecrets {
		pull = append(pull, plan.Text(s.Name))
	}
	if len(secrets) > 0 {
		c.do("Secrets", secrets...)
	}
	if len(pull) > 0 {
		c.do("PullSecrets", pull...)
	}
	if a := o.AutomountServiceAccountToken; a != nil {
		c.do("Automount", plan.Literal{Value: *a})
	}
	metadata(c, o.Labels, o.Annotations)
}

// longData is the number of lines above which a value of a ConfigMap is a file of its own.
const longData = 5

// data returns the values of a ConfigMap. Long ones are files.
func (w *writer) data(o *corev1.ConfigMap) plan.Expr {
	if len(o.Data) == 0 {
		return plan.Literal{Value: map[string]string(nil)}
	}
	m := plan.Map{}
	for _, k := range slices.Sorted(maps.Keys(o.Data)) {
		var value plan.Expr = plan.Text(o.Data[k])
		if strings.Count(o.Data[k], "\n") > longData {
			value = w.embedded(o.Name, k, o.Data[k])
		}
		m.Entries = append(m.Entries, plan.Entry{Key: k, Value: value})
	}
	return m
}

// embedded returns a text as a file that the Go embeds. Its path is made of words, so that it
// stays in the folder whatever the names are.
func (w *writer) embedded(owner, key, text string) plan.Expr {
	base, ext, found := strings.Cut(key, ".")
	if i := strings.LastIndexByte(ext, '.'); i >= 0 {
		base, ext = base+"."+ext[:i], ext[i+1:]
	}
	if ext = dashed(ext); found {
		ext = "." + ext
	} else {
		ext = ".txt"
	}
	want := w.index.Spelling.unexported(owner + "-" + base)
	name := w.name("data "+key, want, "Data")
	return plan.Embedded{Name: name, Path: "data/" + dashed(owner) + "/" + dashed(base) + strings.TrimPrefix(name, want) + ext, Text: text}
}

func volumeClaim(c *chain, o *corev1.PersistentVolumeClaim) {
	size := o.Spec.Resources.Requests[corev1.ResourceStorage]
	c.e = plan.Fn("infra.NewPVC", plan.Text(o.Name), plan.Text(size.String()))
	if s := o.Spec.StorageClassName; s != nil {
		c.do("StorageClass", plan.Text(*s))
	}
	if m := o.Spec.AccessModes; len(m) != 1 || m[0] != corev1.ReadWriteOnce {
		var modes []plan.Expr
		for _, one := range m {
			modes = append(modes, plan.Text(one))
		}
		c.do("AccessModes", modes...)
	}
	metadata(c, o.Labels, o.Annotations)
}

// secret translates a Secret, whose values are left out.
func secret(c *chain, o *corev1.Secret) {
	keys, annotations := slices.Sorted(maps.Keys(o.Data)), maps.Clone(o.Annotations)
	var hosts []plan.Expr
	host := func() {
		for i := 0; ; i++ {
			k := "tekton.dev/git-" + string(rune('0'+i))
			h, ok := annotations[k]
			if !ok || i > 9 {
				return
			}
			delete(annotations, k)
			hosts = append(hosts, plan.Text(h))
		}
	}
	has := func(want ...string) bool { return slices.Equal(keys, want) }
	name := plan.Text(o.Name)
	switch {
	case o.Type == corev1.SecretTypeBasicAuth && has("password", "username"):
		host()
		c.e = plan.Fn("infra.BasicAuth", append([]plan.Expr{name}, hosts...)...)
	case o.Type == corev1.SecretTypeSSHAuth && has("known_hosts", "ssh-privatekey"):
		host()
		c.e = plan.Fn("infra.SSHAuth", append([]plan.Expr{name}, hosts...)...)
	case o.Type == corev1.SecretTypeDockerConfigJson && has(corev1.DockerConfigJsonKey):
		c.e = plan.Fn("infra.DockerConfig", name)
	case o.Type == corev1.SecretTypeTLS && has("tls.crt", "tls.key"):
		c.e = plan.Fn("infra.TLSSecret", name)
	default:
		c.e = plan.Fn("infra.NewSecret", append([]plan.Expr{name}, texts(keys)...)...)
		if o.Type != corev1.SecretTypeOpaque {
			c.do("Type", plan.Text(o.Type))
		}
	}
	metadata(c, o.Labels, annotations)
}

// grant grants a role to the subjects of a binding.
func grant(c *chain, binding runtime.Object) {
	var subjects []rbacv1.Subject
	if binding != nil {
		switch b := same.Prepared(binding).(type) {
		case *rbacv1.RoleBinding:
			subjects = b.Subjects
		case *rbacv1.ClusterRoleBinding:
			subjects = b.Subjects
		}
	}
	names := map[string][]plan.Expr{}
	for _, s := range subjects {
		if s.Namespace != "" {
			s.Name = s.Namespace + "/" + s.Name
		}
		names[s.Kind] = append(names[s.Kind], plan.Text(s.Name))
	}
	for _, m := range [][2]string{{rbacv1.ServiceAccountKind, "Bind"}, {rbacv1.UserKind, "BindUsers"}, {rbacv1.GroupKind, "BindGroups"}} {
		if len(names[m[0]]) > 0 {
			c.do(m[1], names[m[0]]...)
		}
	}
}

func ingress(c *chain, o *networkingv1.Ingress) {
	if len(o.Spec.Rules) != 1 || o.Spec.Rules[0].HTTP == nil {
		return
	}
	rule := o.Spec.Rules[0]
	c.e = plan.Fn("infra.NewIngress", plan.Text(o.Name), plan.Text(rule.Host))
	if s := o.Spec.IngressClassName; s != nil {
		c.do("Class", plan.Text(*s))
	}
	if len(o.Spec.TLS) > 0 {
		c.do("TLS", plan.Text(o.Spec.TLS[0].SecretName))
	}
	for _, p := range rule.HTTP.Paths {
		method := "Path"
		if p.PathType != nil && *p.PathType == networkingv1.PathTypeExact {
			method = "Exact"
		}
		if s := p.Backend.Service; s != nil {
			c.do(method, plan.Text(p.Path), plan.Fn("infra.Service", plan.Text(s.Name), plan.Int(s.Port.Number)))
		}
	}
	metadata(c, o.Labels, o.Annotations)
}

func httpRoute(c *chain, o *unstructured.Unstructured) {
	hosts, _, _ := unstructured.NestedStringSlice(o.Object, "spec", "hostnames")
	c.e = plan.Fn("infra.NewHTTPRoute", plan.Text(o.GetName()), plan.Text(strings.Join(hosts, " ")))
	parents, _, _ := unstructured.NestedSlice(o.Object, "spec", "parentRefs")
	for _, p := range parents {
		c.do("Gateway", textAt(p, "name"), textAt(p, "namespace"), textAt(p, "sectionName"))
	}
	rules, _, _ := unstructured.NestedSlice(o.Object, "spec", "rules")
	for _, r := range rules {
		match, backend := first(r, "matches"), first(r, "backendRefs")
		method := "Path"
		if textAt(match, "path", "type") == plan.Text("Exact") {
			method = "Exact"
		}
		m, _ := backend.(map[string]any)
		port, _, _ := unstructured.NestedInt64(m, "port")
		c.do(method, textAt(match, "path", "value"), plan.Fn("infra.Service", textAt(backend, "name"), plan.Int(port)))
	}
	metadata(c, o.GetLabels(), o.GetAnnotations())
}

// textAt returns a text in a tree, "" if there is none.
func textAt(tree any, path ...string) plan.Text {
	m, _ := tree.(map[string]any)
	s, _, _ := unstructured.NestedString(m, path...)
	return plan.Text(s)
}

// first returns the first item of a list in a tree.
func first(tree any, field string) any {
	m, _ := tree.(map[string]any)
	if list, _, _ := unstructured.NestedSlice(m, field); len(list) > 0 {
		return list[0]
	}
	return nil
}

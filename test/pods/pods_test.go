package pods

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install" // the defaults and the conversion of pods
	"k8s.io/kubernetes/pkg/apis/core/validation"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/diag"
	"github.com/tekwright/tekwright/pkg/object"
)

// theirs is what the API server has against the pod of the TaskRun.
func theirs(t *testing.T, run *v1.TaskRun) error {
	t.Helper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "ns"}}
	for i := range run.Spec.TaskSpec.Steps {
		pod.Spec.Containers = append(pod.Spec.Containers, *run.Spec.TaskSpec.Steps[i].ToK8sContainer())
	}
	for i := range run.Spec.TaskSpec.Sidecars {
		pod.Spec.Containers = append(pod.Spec.Containers, *run.Spec.TaskSpec.Sidecars[i].ToK8sContainer())
	}
	pod.Spec.Volumes = slices.Clone(run.Spec.TaskSpec.Volumes)
	pod.Spec.RestartPolicy, pod.Spec.ServiceAccountName = corev1.RestartPolicyNever, "default"
	if p := run.Spec.PodTemplate; p != nil {
		pod.Spec.Containers[0].Env = append(slices.Clone(pod.Spec.Containers[0].Env), p.Env...)
		pod.Spec.NodeSelector, pod.Spec.Tolerations, pod.Spec.Affinity = p.NodeSelector, p.Tolerations, p.Affinity
		pod.Spec.SecurityContext, pod.Spec.DNSConfig, pod.Spec.HostAliases = p.SecurityContext, p.DNSConfig, p.HostAliases
		pod.Spec.TopologySpreadConstraints = p.TopologySpreadConstraints
		if p.DNSPolicy != nil {
			pod.Spec.DNSPolicy = *p.DNSPolicy
		}
	}
	pod = pod.DeepCopy() // the defaults are not those of the TaskRun
	legacyscheme.Scheme.Default(pod)
	in := &core.Pod{}
	require.NoError(t, legacyscheme.Scheme.Convert(pod, in, nil))
	if in.Spec.SecurityContext == nil {
		in.Spec.SecurityContext = &core.PodSecurityContext{}
	}
	options := podutil.GetValidationOptionsFromPodSpecAndMeta(&in.Spec, nil, &in.ObjectMeta, nil)
	options.ResourceIsPod = true
	return validation.ValidatePodCreate(in, options).ToAggregate()
}

// codes are the rules that say what the API server rejects in a pod.
var codes = []string{
	"env-invalid", "volume-invalid", "sidecar-invalid", "security-invalid", "resources-invalid", "podtemplate-invalid",
	"mode-invalid", "word-unknown", "pvc-invalid", "name-invalid", "volume-duplicate",
}

// lesser are the warnings of these rules about what the API server accepts.
var lesser = regexp.MustCompile(`becomes an empty directory|thousandths of a byte|in octal, not`)

// ours is what the rules have against the TaskRun.
func ours(run *v1.TaskRun) diag.Findings {
	found, _ := check.Run(context.Background(), []object.Object{{Object: run}}, check.Profile{}) // which does not end
	var out diag.Findings
	for _, f := range found {
		if slices.Contains(codes, f.Code) && !strings.Contains(f.Message, "more cores than any node has") && f.Severity != diag.Note && !lesser.MatchString(f.Message) {
			out = append(out, f)
		}
	}
	return out
}

// silent are the places about which the rules say nothing, and why.
var silent = []struct {
	place  *regexp.Regexp
	reason string
}{
	{regexp.MustCompile(`^podTemplate.env\[\d+\].name`), "name-invalid does not check the env of pod templates"},
	{regexp.MustCompile(`^env\[\d+\].name = é`), "name-invalid checks for = alone"},
	{regexp.MustCompile(`operator = Gt`), "a feature gate allows it"},
	{regexp.MustCompile(`match(Expressions|Fields)\[\d+\].values\[0\]`), "earlier releases allow values that are not valid for labels, and the name of a node is seldom known"},
	{regexp.MustCompile(`namespaces|[mM]atchLabelKeys|labelSelector`), "a selector is the part of an affinity that is seldom written by hand"},
	{regexp.MustCompile(`(fsGroupChangePolicy|procMount|supplementalGroupsPolicy|nodeAffinityPolicy|nodeTaintsPolicy)( = $|, change \d+)`), "a word is empty"},
	{regexp.MustCompile(`seLinuxChangePolicy|sysctls|claims|searches|stopSignal`), "seldom used, or with another syntax in other releases"},
	{regexp.MustCompile(` = 010.0.0.1$`), "a feature gate allows it"},
	{regexp.MustCompile(`csi.driver|storageClassName|volumeAttributesClassName|dataSource`), "the name of something that an administrator has created"},
	{regexp.MustCompile(`serviceAccountToken.path = (a/)?[./]`), "earlier releases allow it"},
	{regexp.MustCompile(`iscsi|gitRepo.directory|partition|cinder.secretRef`), "only the required fields of rare volumes are checked"},
	{regexp.MustCompile(`sleep.seconds`), "it depends on the time that the pod has to end"},
}

// accepted are the places where the API server accepts what cannot run.
var accepted = regexp.MustCompile(`emptyDir.medium = `)

// TestChanges changes the valid TaskRun in one place after the other. No rule may report
// what the API server accepts, and what it rejects must be reported unless silent has it.
func TestChanges(t *testing.T) {
	run := base(t)
	require.NoError(t, theirs(t, run))
	require.Empty(t, ours(run))
	changes, rejected := 0, 0
	used := make([]bool, len(silent))
	compare := func(place string) {
		changes++
		err, found := theirs(t, run), ours(run)
		if err != nil {
			rejected++
		}
		if err == nil && accepted.MatchString(place) {
			return // the kubelet rejects it
		}
		if err == nil {
			assert.Empty(t, found, "%s: the API server accepts it", place)
			return
		}
		if len(found) > 0 {
			return
		}
		for i, s := range silent {
			if s.place.MatchString(place) {
				used[i] = true
				return
			}
		}
		assert.Fail(t, "not reported", "%s: %v", place, err)
	}
	walkAll(run, others, compare)
	t.Logf("%d changes, of which %d are rejected", changes, rejected)
	assert.Greater(t, rejected, changes/10)
	for i, s := range silent {
		assert.True(t, used[i], "%s is reported, or accepted", s.place)
	}
}

// TestVariables writes variables in all places of texts. No rule knows their values.
func TestVariables(t *testing.T) {
	run, texts := base(t), 0
	for _, variable := range []string{"$(params.a)", "a-$(params.a)", "{{ a }}"} {
		walkAll(run, func(v reflect.Value) []reflect.Value {
			if v.Kind() != reflect.String {
				return nil
			}
			return []reflect.Value{reflect.ValueOf(variable).Convert(v.Type())}
		}, func(place string) {
			texts++
			for _, f := range ours(run) {
				assert.NotContains(t, codes[:6], f.Code, "%s: %s", place, f.Message)
			}
		})
	}
	assert.Greater(t, texts, 100)
}

// walkAll walks through the parts of a TaskRun that become those of its pod.
func walkAll(run *v1.TaskRun, others func(reflect.Value) []reflect.Value, visit func(place string)) {
	spec := run.Spec.TaskSpec
	w := walker{others, visit}
	w.walk("podTemplate", reflect.ValueOf(run.Spec.PodTemplate).Elem())
	w.walk("env", reflect.ValueOf(&spec.Steps[0].Env).Elem())
	w.walk("envFrom", reflect.ValueOf(&spec.Steps[0].EnvFrom).Elem())
	w.walk("computeResources", reflect.ValueOf(&spec.Steps[0].ComputeResources).Elem())
	w.walk("securityContext", reflect.ValueOf(spec.Steps[0].SecurityContext).Elem())
	w.walk("volumes", reflect.ValueOf(&spec.Volumes).Elem())
	for i := range spec.Sidecars {
		d := &spec.Sidecars[i]
		w.walk("ports", reflect.ValueOf(&d.Ports).Elem())
		w.walk("livenessProbe", reflect.ValueOf(&d.LivenessProbe).Elem())
		w.walk("readinessProbe", reflect.ValueOf(&d.ReadinessProbe).Elem())
		w.walk("startupProbe", reflect.ValueOf(&d.StartupProbe).Elem())
		w.walk("lifecycle", reflect.ValueOf(&d.Lifecycle).Elem())
	}
}

// walker visits each value with each of the others in its place.
type walker struct {
	others func(reflect.Value) []reflect.Value
	visit  func(place string)
}

// walk makes each change of the value and of what is below it, and undoes it.
func (w walker) walk(place string, v reflect.Value) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	for i, other := range w.others(v) {
		if reflect.DeepEqual(other.Interface(), old.Interface()) {
			continue
		}
		v.Set(other)
		text := fmt.Sprintf("%s, change %d", place, i)
		if k := other.Kind(); k != reflect.Pointer && k != reflect.Struct || k == reflect.Struct && v.Type() == reflect.TypeFor[intstr.IntOrString]() {
			text = fmt.Sprintf("%s = %v", place, other)
		}
		w.visit(text)
		v.Set(old)
	}
	switch v.Interface().(type) {
	case resource.Quantity, intstr.IntOrString, metav1.ObjectMeta, *metav1.LabelSelector:
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(place, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if name != "" {
				name = "." + name
			}
			w.walk(place+name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(fmt.Sprintf("%s[%d]", place, i), v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			value := v.MapIndex(key)
			item := reflect.New(value.Type()).Elem()
			item.Set(value)
			for _, other := range w.others(item) {
				v.SetMapIndex(key, other)
				w.visit(fmt.Sprintf("%s[%v] = %v", place, key, other))
			}
			v.SetMapIndex(key, value)
		}
	}
}

// texts are values for all texts: names, keys, paths and words, valid ones and others.
var texts = []string{
	"", "a", "b", "A", "a.b", "A_b", "a b", "a/b", "a/b/c", "a-", "..", "..a", "a/../b", "/a", "/a/..", "a=b", "1", "80", "-1", "é",
	"10.0.0.1", "010.0.0.1", "::1", "fe80::1%eth0", "metadata.name", "metadata.labels", "metadata.labels['a']", "metadata.labels['a b']",
	"metadata.labels['']", "metadata.name['a']", "spec.host", "spec.nodeName", "status.podIPs", "status.phase", "limits.cpu", "limits.memory",
	"limits.hugepages-", "requests.storage", "requests.ephemeral-storage", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Equal", "NoSchedule", "NoExecute",
	"None", "Default", "http", "HTTPS", "TCP", "v1", "v2", "Directory", "Always", strings.Repeat("a", 64), strings.Repeat("a", 254),
}

// others returns other values for v.
func others(v reflect.Value) []reflect.Value {
	var all []reflect.Value
	add := func(list ...any) {
		for _, x := range list {
			all = append(all, reflect.ValueOf(x).Convert(v.Type()))
		}
	}
	switch v.Interface().(type) {
	case resource.Quantity:
		for _, text := range []string{"0", "1", "-1", "500m", "1m", "1Mi", "2Mi", "4Mi", "1k", "3", "1500m"} {
			add(resource.MustParse(text))
		}
		return all
	case intstr.IntOrString:
		add(intstr.FromInt32(0), intstr.FromInt32(1), intstr.FromInt32(70000), intstr.FromInt32(-1), intstr.FromString(""), intstr.FromString("a"), intstr.FromString("80"), intstr.FromString("A_b"))
		return all
	}
	switch v.Kind() {
	case reflect.String:
		for _, text := range texts {
			add(text)
		}
	case reflect.Int32:
		add(0, 1, 2, -1, 100, 101, 511, 512, 65535, 65536)
	case reflect.Int64:
		add(0, 1, -1, 599, 600, int64(1)<<31-1, int64(1)<<31, int64(1)<<32, int64(1)<<32+1)
	case reflect.Pointer:
		if !v.IsNil() {
			all = append(all, reflect.Zero(v.Type()))
			break
		}
		empty := reflect.New(v.Type().Elem())
		all = append(all, empty)
		for _, other := range others(empty.Elem()) {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(other)
			all = append(all, p)
		}
	case reflect.Slice:
		all = append(all, reflect.Zero(v.Type()))
		if v.Len() > 0 {
			all = append(all, reflect.Append(v.Slice3(0, v.Len(), v.Len()), v.Index(0)))
		} else {
			all = append(all, reflect.Append(v, reflect.Zero(v.Type().Elem())))
		}
	case reflect.Map:
		if v.Type().Elem().Kind() == reflect.String {
			for _, text := range texts {
				m := reflect.MakeMap(v.Type())
				m.SetMapIndex(reflect.ValueOf(text).Convert(v.Type().Key()), reflect.ValueOf("a"))
				all = append(all, m)
			}
		} else if v.Type().Elem() == reflect.TypeFor[resource.Quantity]() {
			all = append(all, reflect.Zero(v.Type()))
			for _, text := range []string{"cpu", "gpu", "a/b", "a b/c", "requests.a/b", "kubernetes.io/a", "hugepages-2Mi", "ephemeral-storage"} {
				m := reflect.MakeMap(v.Type())
				m.SetMapIndex(reflect.ValueOf(text).Convert(v.Type().Key()), reflect.ValueOf(resource.MustParse("1")))
				all = append(all, m)
			}
		}
	}
	return all
}

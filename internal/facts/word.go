package facts

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/pipeline/pod"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/internal/tekref"
)

// BadWord is a word that Kubernetes does not know in its field.
type BadWord struct {
	Spot  Spot
	Word  string
	Known []string
}

// BadWords returns the words in the Task specs and the pod templates of the object
// that Kubernetes does not know in their fields. They are case-sensitive.
func (e *Entry) BadWords() []BadWord {
	var out []BadWord
	for _, t := range e.TaskSpecs() {
		t.find()
		out = append(out, t.badWords...)
	}
	e.EachPodTemplate(func(s Spot, t *pod.PodTemplate) { out = append(out, scan(reflect.ValueOf(t), s).words...) })
	return out
}

var stringType = reflect.TypeFor[string]()

// words are the words of the types that Kubernetes validates in a pod.
var words = makeWords()

func makeWords() map[reflect.Type][]string {
	out := map[reflect.Type][]string{}
	learn(out, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever)
	learn(out, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
	learn(out, corev1.MountPropagationNone, corev1.MountPropagationHostToContainer, corev1.MountPropagationBidirectional)
	learn(out, corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyIfPossible, corev1.RecursiveReadOnlyEnabled)
	learn(out, corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError)
	learn(out, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyOnFailure, corev1.ContainerRestartPolicyNever)
	learn(out, corev1.URISchemeHTTP, corev1.URISchemeHTTPS)
	learn(out, corev1.StorageMediumMemory, corev1.StorageMediumHugePages)
	learn(out, corev1.HostPathDirectoryOrCreate, corev1.HostPathDirectory, corev1.HostPathFileOrCreate, corev1.HostPathFile, corev1.HostPathSocket, corev1.HostPathCharDev, corev1.HostPathBlockDev)
	learn(out, corev1.DNSClusterFirst, corev1.DNSClusterFirstWithHostNet, corev1.DNSDefault, corev1.DNSNone)
	learn(out, corev1.TolerationOpExists, corev1.TolerationOpEqual, corev1.TolerationOpLt, corev1.TolerationOpGt)
	learn(out, corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute)
	learn(out, corev1.DoNotSchedule, corev1.ScheduleAnyway)
	learn(out, corev1.NodeInclusionPolicyHonor, corev1.NodeInclusionPolicyIgnore)
	learn(out, corev1.FSGroupChangeOnRootMismatch, corev1.FSGroupChangeAlways)
	learn(out, corev1.SupplementalGroupsPolicyMerge, corev1.SupplementalGroupsPolicyStrict)
	learn(out, corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn, corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist, corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt)
	learn(out, corev1.DefaultProcMount, corev1.UnmaskedProcMount)
	learn(out, metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist)
	return out
}

// learn adds the words of a type.
func learn[T ~string](out map[reflect.Type][]string, list ...T) {
	t := reflect.TypeFor[T]()
	for _, w := range list {
		out[t] = append(out[t], string(w))
	}
}

// word records a word that is not one of its type.
func (w *walker) word(t reflect.Type, s string) {
	known := words[t]
	if s == "" || known == nil || slices.Contains(known, s) || tekref.Contains(s) ||
		t == mediumType && strings.HasPrefix(s, string(corev1.StorageMediumHugePagesPrefix)) {
		return
	}
	w.words = append(w.words, BadWord{Spot{Entry: w.entry, Path: w.path()}, s, known})
}

var mediumType = reflect.TypeFor[corev1.StorageMedium]()

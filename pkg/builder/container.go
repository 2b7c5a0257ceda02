package builder

import (
	corev1 "k8s.io/api/core/v1"
)

// container is what steps, sidecars and StepActions have in common.
type container struct {
	scope    *scope // whose handles may be used in it
	at       place
	name     string
	image    said
	command  []said
	args     []said
	script   said
	pasted   *pasting // of PasteScript, nil for Script
	dir      said
	env      []envVar
	envFrom  []corev1.EnvFromSource
	requests []amount
	limits   []amount
	security *corev1.SecurityContext
	mounts   []mounting
	pull     said
}

// said is a text and the place where it was set.
type said struct {
	at place
	v  TaskString
}

// envVar is an environment variable: a value, or a source for one.
type envVar struct {
	at        place
	name      string
	value     TaskString
	secret    TaskString // with key
	configMap TaskString // with key
	key       TaskString
	optional  bool // whether the Secret or the ConfigMap, or its key, may be missing
	source    *corev1.EnvVarSource
}

// withOptions returns the variable with the options applied.
func (e envVar) withOptions(opts []EnvOption) envVar {
	for _, o := range opts {
		if o != nil {
			o.env(&e)
		}
	}
	return e
}

// fieldOf returns the source of a field of the Pod.
func fieldOf(path string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
}

// resourceOf returns the source of a request or a limit of the container.
func resourceOf(resource string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: resource}}
}

// amount is a request or a limit of a resource, as the caller wrote it.
type amount struct {
	at       place
	resource corev1.ResourceName
	quantity string
}

// amounts returns requests or limits of CPU and memory.
func amounts(at place, cpu, memory string) []amount {
	return []amount{{at, corev1.ResourceCPU, cpu}, {at, corev1.ResourceMemory, memory}}
}

func says(at place, list []TaskString) []said {
	out := make([]said, len(list))
	for i, v := range list {
		out[i] = said{at, v}
	}
	return out
}

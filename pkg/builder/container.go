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
	dir      said
	env      []envVar
	envFrom  []corev1.EnvFromSource
	requests []amount
	limits   []amount
	security *corev1.SecurityContext
	mounts   []mounting
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
	source    *corev1.EnvVarSource
}

// amount is CPU and memory, as the caller wrote them.
type amount struct {
	at          place
	cpu, memory string
}

// mounting is a volume mounted at a path.
type mounting struct {
	at     place
	volume Volume
	path   TaskString
}

func says(at place, list []TaskString) []said {
	out := make([]said, len(list))
	for i, v := range list {
		out[i] = said{at, v}
	}
	return out
}

// Package pods holds the rules about the parts of a pod that Tasks and runs set against the
// validation of pods in Kubernetes itself: a valid TaskRun is changed in one place after
// the other, and both must have the same verdict.
//
// It is a separate module because that validation is in k8s.io/kubernetes.
package pods

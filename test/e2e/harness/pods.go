package harness

import (
	"encoding/json"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// over is the status of a pod that has ended, with results written as Tekton's
// entrypoint writes them: as the message of a container.
func over(pod *corev1.Pod, code int32, results Results) corev1.PodStatus {
	now := metav1.Now()
	last := -1
	for i, c := range pod.Spec.Containers {
		if strings.HasPrefix(c.Name, "step-") {
			last = i
		}
	}
	status := corev1.PodStatus{Phase: corev1.PodSucceeded, StartTime: &now}
	if code != 0 {
		status.Phase = corev1.PodFailed
	}
	for i, c := range pod.Spec.Containers {
		end := &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: now, FinishedAt: now}
		entries := []map[string]any{{"key": "StartedAt", "value": now.UTC().Format("2006-01-02T15:04:05.000Z07:00"), "type": 3}}
		if i == last {
			for name, value := range results {
				entries = append(entries, map[string]any{"key": name, "value": resultText(value), "type": 1})
			}
			if code != 0 {
				end.Reason, end.ExitCode = "Error", code
			}
		}
		message, _ := json.Marshal(entries) // strings and numbers
		end.Message = string(message)
		status.ContainerStatuses = append(status.ContainerStatuses, corev1.ContainerStatus{
			Name: c.Name, Image: c.Image, ImageID: "none://" + c.Image, State: corev1.ContainerState{Terminated: end},
		})
	}
	return status
}

func resultText(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	text, _ := json.Marshal(value) // strings
	return string(text)
}

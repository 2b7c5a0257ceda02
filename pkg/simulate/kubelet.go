package simulate

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/result"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// runPod lets the pod of a TaskRun run as long as the script says.
func (m *machine) runPod(name, taskRun string) {
	tr := m.taskRun(taskRun)
	if tr == nil {
		return
	}
	o := m.outcomeOf(m.who("taskruns", tr, tr.Spec.Params, len(tr.Status.RetriesStatus)+1))
	if o.Status == TimeOut {
		return
	}
	m.after(m.duration(o), func() error { return m.endPod(name, taskRun, o) })
}

func (m *machine) duration(o Outcome) time.Duration {
	for _, d := range []Duration{o.Duration, m.script.Duration} {
		if d > 0 {
			return time.Duration(d)
		}
	}
	return DefaultDuration
}

// endPod ends the pod as the kubelet and Tekton's entrypoint do.
func (m *machine) endPod(name, taskRun string, o Outcome) error {
	pod, tr := m.pod(name), m.taskRun(taskRun)
	if pod == nil || tr == nil || tr.IsDone() { // deleted in the meantime
		return nil
	}
	pod = pod.DeepCopy()
	spec := tr.Status.TaskSpec
	if spec == nil {
		spec = &v1.TaskSpec{}
	}
	var containers []string
	for _, c := range pod.Spec.Containers {
		containers = append(containers, c.Name)
	}
	failing, fatal := failingStep(spec, containers, o)
	last := len(containers) - 1
	for last > 0 && !strings.HasPrefix(containers[last], "step-") {
		last--
	}
	if fatal {
		last = failing
	}
	written, err := m.written(tr, spec, o)
	if err != nil {
		return err
	}
	now := metav1.NewTime(m.clock.Now())
	pod.Status.Phase = corev1.PodSucceeded
	pod.Status.ContainerStatuses = nil
	for i, c := range containers {
		ended := &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: pod.CreationTimestamp, FinishedAt: now}
		var message []result.RunResult
		switch {
		case !strings.HasPrefix(c, "step-"):
		case i == failing && fatal:
			ended.ExitCode, ended.Reason = exitCode(o), "Error"
		case i == failing:
			message = append(message, internal("ExitCode", itoa(exitCode(o))))
		case fatal && i > failing:
			ended.ExitCode, ended.Reason = 1, "Error"
			message = append(message, internal("Reason", "Skipped"))
		}
		if i == last {
			message = append(message, written...)
		}
		if len(message) > 0 {
			text, err := json.Marshal(message)
			if err != nil {
				return err
			}
			ended.Message = string(text)
		}
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, corev1.ContainerStatus{
			Name: c, State: corev1.ContainerState{Terminated: ended},
		})
	}
	if fatal || o.Status == Fail && o.Message != "" {
		pod.Status.Phase = corev1.PodFailed
		if o.Message != "" {
			pod.Status.Reason, pod.Status.Message = "Evicted", o.Message
		}
	}
	_, err = m.kube.CoreV1().Pods(pod.Namespace).UpdateStatus(context.Background(), pod, metav1.UpdateOptions{})
	return err
}

// failingStep returns the index of the container whose step fails, or -1, and whether this
// fails the task.
func failingStep(spec *v1.TaskSpec, containers []string, o Outcome) (index int, fatal bool) {
	if o.Status != Fail {
		return -1, false
	}
	var steps []int
	for i, c := range containers {
		if strings.HasPrefix(c, "step-") {
			steps = append(steps, i)
		}
	}
	onError := func(n int) v1.OnErrorType {
		if n < len(spec.Steps) {
			return spec.Steps[n].OnError
		}
		return ""
	}
	if o.Step != "" {
		if n := slices.IndexFunc(steps, func(i int) bool { return containers[i] == "step-"+o.Step }); n >= 0 {
			return steps[n], onError(n) != v1.Continue
		}
	}
	for n := len(steps) - 1; n >= 0; n-- {
		if onError(n) != v1.Continue {
			return steps[n], true
		}
	}
	if len(steps) > 0 {
		return steps[len(steps)-1], false
	}
	return -1, false
}

func exitCode(o Outcome) int32 {
	if o.ExitCode == 0 {
		return 1
	}
	return o.ExitCode
}

func internal(key, value string) result.RunResult {
	return result.RunResult{Key: key, Value: value, ResultType: result.InternalTektonResultType}
}

// written are the results that the task writes.
func (m *machine) written(tr *v1.TaskRun, spec *v1.TaskSpec, o Outcome) ([]result.RunResult, error) {
	path := m.who("taskruns", tr, tr.Spec.Params, 1).label()
	var written []result.RunResult
	for _, r := range spec.Results {
		value, ok := o.Results[r.Name]
		switch {
		case ok:
		case o.Status == Fail, slices.Contains(o.Without, r.Name):
			continue
		default:
			value = m.plan.unknown(path, r)
		}
		text, err := asText(value)
		if err != nil {
			return nil, errorf("task %q: result %q: %w", path, r.Name, err)
		}
		written = append(written, result.RunResult{Key: r.Name, Value: text, ResultType: result.TaskRunResultType})
	}
	return written, nil
}

// asText is a result as a step writes it to a file.
func asText(value any) (string, error) {
	v, err := normal(value)
	if err != nil {
		return "", err
	}
	if text, ok := v.(string); ok {
		return text, nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

package negative

import (
	"encoding/json"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1alpha1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1alpha1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1alpha1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
)

// kinds are the structs that Tekton's webhooks know.
var kinds = map[string]func() runtime.Object{
	"tekton.dev/v1 Task":        func() runtime.Object { return new(v1.Task) },
	"tekton.dev/v1 TaskRun":     func() runtime.Object { return new(v1.TaskRun) },
	"tekton.dev/v1 Pipeline":    func() runtime.Object { return new(v1.Pipeline) },
	"tekton.dev/v1 PipelineRun": func() runtime.Object { return new(v1.PipelineRun) },

	"tekton.dev/v1beta1 Task":        func() runtime.Object { return new(v1beta1.Task) },
	"tekton.dev/v1beta1 TaskRun":     func() runtime.Object { return new(v1beta1.TaskRun) },
	"tekton.dev/v1beta1 Pipeline":    func() runtime.Object { return new(v1beta1.Pipeline) },
	"tekton.dev/v1beta1 PipelineRun": func() runtime.Object { return new(v1beta1.PipelineRun) },
	"tekton.dev/v1beta1 StepAction":  func() runtime.Object { return new(v1beta1.StepAction) },
	"tekton.dev/v1beta1 CustomRun":   func() runtime.Object { return new(v1beta1.CustomRun) },

	"tekton.dev/v1alpha1 StepAction":         func() runtime.Object { return new(v1alpha1.StepAction) },
	"tekton.dev/v1alpha1 VerificationPolicy": func() runtime.Object { return new(v1alpha1.VerificationPolicy) },
	"tekton.dev/v1alpha1 Run":                func() runtime.Object { return new(v1alpha1.Run) },

	"triggers.tekton.dev/v1beta1 EventListener":         func() runtime.Object { return new(triggersv1beta1.EventListener) },
	"triggers.tekton.dev/v1beta1 Trigger":               func() runtime.Object { return new(triggersv1beta1.Trigger) },
	"triggers.tekton.dev/v1beta1 TriggerTemplate":       func() runtime.Object { return new(triggersv1beta1.TriggerTemplate) },
	"triggers.tekton.dev/v1beta1 TriggerBinding":        func() runtime.Object { return new(triggersv1beta1.TriggerBinding) },
	"triggers.tekton.dev/v1beta1 ClusterTriggerBinding": func() runtime.Object { return new(triggersv1beta1.ClusterTriggerBinding) },

	"triggers.tekton.dev/v1alpha1 EventListener":         func() runtime.Object { return new(triggersv1alpha1.EventListener) },
	"triggers.tekton.dev/v1alpha1 Trigger":               func() runtime.Object { return new(triggersv1alpha1.Trigger) },
	"triggers.tekton.dev/v1alpha1 TriggerTemplate":       func() runtime.Object { return new(triggersv1alpha1.TriggerTemplate) },
	"triggers.tekton.dev/v1alpha1 TriggerBinding":        func() runtime.Object { return new(triggersv1alpha1.TriggerBinding) },
	"triggers.tekton.dev/v1alpha1 ClusterTriggerBinding": func() runtime.Object { return new(triggersv1alpha1.ClusterTriggerBinding) },
	"triggers.tekton.dev/v1alpha1 ClusterInterceptor":    func() runtime.Object { return new(triggersv1alpha1.ClusterInterceptor) },
	"triggers.tekton.dev/v1alpha1 Interceptor":           func() runtime.Object { return new(triggersv1alpha1.Interceptor) },
}

// structOf reads an object as the webhooks do.
func structOf(o object) (runtime.Object, error) {
	apiVersion, _ := o["apiVersion"].(string)
	kind, _ := o["kind"].(string)
	empty := kinds[apiVersion+" "+kind]
	if empty == nil {
		return nil, nil
	}
	b, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	out := empty()
	return out, json.Unmarshal(b, out)
}

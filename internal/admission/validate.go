package admission

import (
	"context"

	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
)

// validate calls upstream's Validate where the kind has one. Kinds of
// Kubernetes itself have none outside of the API server.
func validate(ctx context.Context, obj runtime.Object) error {
	switch o := obj.(type) {
	case *pipelinev1.Task:
		return refusal(o.Validate(ctx))
	case *pipelinev1.TaskRun:
		return refusal(o.Validate(ctx))
	case *pipelinev1.Pipeline:
		return refusal(o.Validate(ctx))
	case *pipelinev1.PipelineRun:
		return refusal(o.Validate(ctx))
	case *pipelinev1beta1.StepAction:
		return refusal(o.Validate(ctx))
	case *pipelinev1beta1.CustomRun:
		return refusal(o.Validate(ctx))
	case *triggersv1beta1.EventListener:
		return refusal(o.Validate(ctx))
	case *triggersv1beta1.Trigger:
		return refusal(o.Validate(ctx))
	case *triggersv1beta1.TriggerTemplate:
		return refusal(o.Validate(ctx))
	case *triggersv1beta1.TriggerBinding:
		return refusal(o.Validate(ctx))
	case *triggersv1beta1.ClusterTriggerBinding:
		return refusal(o.Validate(ctx))
	}
	return nil
}

// refusal turns a nil pointer of upstream's error type into no error.
func refusal[E interface {
	comparable
	error
}](err E) error {
	var none E
	if err == none {
		return nil
	}
	return err
}

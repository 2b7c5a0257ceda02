package facts

import (
	"slices"
	"strings"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"

	"github.com/tekwright/tekwright/internal/substitution"
)

// mergedIntoStep reports whether a text of the stepTemplate becomes part of a step, in a
// field in which the webhook checks params.
func (t *TaskSpec) mergedIntoStep(tx *Text) bool {
	rest, ok := strings.CutPrefix(tx.Field, "stepTemplate.")
	return ok && substitution.Checked(substitution.InlineTask, "steps."+rest) && t.mergedTexts()[tx.Value]
}

// isOverridden reports whether a text of the stepTemplate becomes part of no step, since all
// steps set the field themselves. Neither the webhook nor a Pod has it.
func (t *TaskSpec) isOverridden(tx *Text) bool {
	switch tx.Field {
	case "stepTemplate.image", "stepTemplate.workingDir", "stepTemplate.command", "stepTemplate.args", "stepTemplate.env.value":
		return len(t.Spec.Steps) > 0 && !t.mergedTexts()[tx.Value] && !t.mergeFails
	}
	return false
}

// mergedTexts returns the texts with variables that the steps have after Tekton has
// merged the stepTemplate into them. It does not merge it into the steps with a
// reference, and a step keeps what it sets itself.
func (t *TaskSpec) mergedTexts() map[string]bool {
	if t.merged != nil {
		return t.merged
	}
	t.merged = map[string]bool{}
	// Tekton replaces the steps in the list that it gets.
	steps, err := v1.MergeStepsWithStepTemplate(t.Spec.StepTemplate, slices.Clone(t.Spec.Steps))
	if t.mergeFails = err != nil; t.mergeFails {
		return t.merged // the webhook reports what cannot be merged
	}
	for i := range steps {
		s := &steps[i]
		add := func(texts ...string) {
			for _, text := range texts {
				t.merged[text] = true
			}
		}
		add(s.Image, s.WorkingDir)
		add(s.Command...)
		add(s.Args...)
		for j := range s.Env {
			add(s.Env[j].Value)
		}
		for j := range s.VolumeMounts {
			add(s.VolumeMounts[j].Name, s.VolumeMounts[j].MountPath, s.VolumeMounts[j].SubPath)
		}
	}
	return t.merged
}

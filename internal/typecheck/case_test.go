package typecheck

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	pipelinev1beta1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	triggersv1beta1 "github.com/tektoncd/triggers/pkg/apis/triggers/v1beta1"
)

// TestOtherCase checks keys in another case than their fields. Where only the webhook of
// Tekton reads them, they are warnings, and are read as it does: with encoding/json.
func TestOtherCase(t *testing.T) {
	const triggers, v1, v1beta1 = "triggers.tekton.dev/v1beta1", "tekton.dev/v1", "tekton.dev/v1beta1"
	for _, c := range []struct {
		version string
		into    any
		text    string
		want    string // the keys that are warnings, or errors with !
	}{
		{triggers, &triggersv1beta1.TriggerTemplate{}, `{"spec":{"Params":[{"Name":"a","DEFAULT":"x"}],"resourceTemplates":[{"apiVersion":"v1"}]}}`, "Params Name DEFAULT resourceTemplates"},
		{triggers, &triggersv1beta1.TriggerTemplate{}, `{"Spec":{"resourcetemplates":[]}}`, "Spec"},
		{triggers, &triggersv1beta1.TriggerTemplate{}, `{"Metadata":{"name":"a"}}`, "!Metadata"},
		{triggers, &triggersv1beta1.TriggerTemplate{}, `{"metadata":{"Labels":{"a":"b"}}}`, "!Labels"},
		{triggers, &triggersv1beta1.TriggerTemplate{}, `{"spec":{"resourcetemplate":[]}}`, "!resourcetemplate"},
		{triggers, &triggersv1beta1.TriggerBinding{}, `{"spec":{"PARAMS":[{"name":"a","Value":"b"}]}}`, "PARAMS Value"},
		{triggers, &triggersv1beta1.EventListener{}, `{"spec":{"serviceaccountname":"a","Triggers":[{"triggerref":"b"}],"namespaceselector":{"matchnames":["c"]}}}`, "serviceaccountname Triggers triggerref namespaceselector matchnames"},
		{triggers, &triggersv1beta1.EventListener{}, `{"spec":{"labelSelector":{"MatchLabels":{"A":"b"}}}}`, "MatchLabels"},
		{triggers, &triggersv1beta1.EventListener{}, `{"spec":{"resources":{"kubernetesresource":{"Spec":{"template":{"spec":{"NodeSelector":{"a":"b"}}}}}}}}`, "kubernetesresource Spec NodeSelector"},
		{triggers, &triggersv1beta1.Trigger{}, `{"spec":{"BINDINGS":[{"Ref":"a"}],"template":{"ref":"t"},"interceptors":[{"ref":{"Name":"cel"}}]}}`, "BINDINGS Ref Name"},
		{v1, &pipelinev1.PipelineRun{}, `{"spec":{"pipelineSpec":{"Tasks":[{"name":"a","taskspec":{"Steps":[{"Image":"i","workingdir":"/"}]}}]}}}`, "Tasks taskspec Steps Image workingdir"},
		{v1, &pipelinev1.PipelineRun{}, `{"spec":{"PipelineSpec":{}}}`, "!PipelineSpec"},
		{v1, &pipelinev1.PipelineRun{}, `{"spec":{"taskRunTemplate":{"podTemplate":{"securityContext":{"runasuser":1},"volumes":[{"name":"a","emptydir":{}}]}}}}`, "runasuser emptydir"},
		{v1, &pipelinev1.PipelineRun{}, `{"spec":{"taskRunTemplate":{"podTemplate":{"SecurityContext":{}}}}}`, "!SecurityContext"},
		{v1, &pipelinev1.PipelineRun{}, `{"spec":{"workspaces":[{"name":"a","volumeClaimTemplate":{"Metadata":{"name":"b"},"spec":{"accessmodes":["x"]}}}]}}`, "Metadata accessmodes"},
		{v1, &pipelinev1.Pipeline{}, `{"spec":{"tasks":[{"name":"a","taskSpec":{"steps":[{"Script":"x"}]}}]}}`, "Script"},
		{v1, &pipelinev1.Pipeline{}, `{"spec":{"tasks":[{"Name":"a"}]}}`, "!Name"},
		{v1, &pipelinev1.TaskRun{}, `{"spec":{"taskSpec":{"STEPS":[]}}}`, "STEPS"},
		{v1, &pipelinev1.Task{}, `{"spec":{"volumes":[{"name":"a","emptydir":{}}]}}`, "emptydir"},
		{v1, &pipelinev1.Task{}, `{"spec":{"steps":[{"workingdir":"/"}]}}`, "!workingdir"},
		{v1beta1, &pipelinev1beta1.PipelineRun{}, `{"spec":{"pipelineSpec":{"tasks":[{"name":"a","taskRef":{"Name":"b"}}]}}}`, "Name"},
		{v1beta1, &pipelinev1beta1.Task{}, `{"spec":{"Steps":[]}}`, "!Steps"},
		{"v1", &pipelinev1.Task{}, `{"Spec":{}}`, "!Spec"},
	} {
		docs := documents(c.text)
		require.Len(t, docs, 1)
		typ := reflect.TypeOf(c.into).Elem()
		found := Check(docs[0].Root, typ, SchemaOf(c.version))
		var got []string
		failed := false
		for _, f := range found.Faults {
			require.Equal(t, Unknown, f.What, "%s: %s", c.text, f.Message)
			failed = failed || !f.Warning
			if mark := ""; !f.Warning {
				mark = "!"
				got = append(got, mark+f.Subject)
			} else {
				got = append(got, f.Subject)
			}
		}
		assert.Equal(t, c.want, strings.Join(got, " "), c.text)
		if failed {
			continue
		}
		ours := reflect.New(typ).Interface()
		require.NoError(t, Decode(docs[0].Root, ours), c.text)
		decoder := json.NewDecoder(bytes.NewReader([]byte(c.text)))
		decoder.DisallowUnknownFields() // as the webhook does
		require.NoError(t, decoder.Decode(c.into), c.text)
		assert.Equal(t, c.into, ours, c.text)
	}
}

// TestBothCases checks a field that is set twice, in two cases.
func TestBothCases(t *testing.T) {
	docs := documents(`{"spec":{"params":[],"Params":[]}}`)
	found := Check(docs[0].Root, reflect.TypeFor[triggersv1beta1.TriggerTemplate](), Open)
	require.Len(t, found.Faults, 1)
	assert.True(t, found.Faults[0].Warning)
	assert.Equal(t, `the fields "Params" and "params" are the same for Tekton, which ignores case: only one of them is used`, found.Faults[0].Message)
	assert.Equal(t, "spec.params", found.Lost[0].String())
}

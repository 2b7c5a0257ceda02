package yamlwrite

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	pipelinev1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	yamlv3 "go.yaml.in/yaml/v3"
	sigs "sigs.k8s.io/yaml"
)

// chain returns a Pipeline of n tasks with three params each. One of the params is a
// result of the previous task.
func chain(n int) *pipelinev1.Pipeline {
	p := &pipelinev1.Pipeline{TypeMeta: typeMeta("tekton.dev/v1", "Pipeline")}
	p.Name = "chain"
	for i := range n {
		t := pipelinev1.PipelineTask{
			Name: fmt.Sprintf("task-%d", i), TaskRef: &pipelinev1.TaskRef{Name: fmt.Sprintf("build-%d", i), Kind: "Task"},
			Params: pipelinev1.Params{
				{Name: "url", Value: *pipelinev1.NewStructuredValues("https://git.example.com/app.git")},
				{Name: "revision", Value: *pipelinev1.NewStructuredValues("$(params.revision)")},
				{Name: "digest", Value: *pipelinev1.NewStructuredValues("latest")},
			},
			Workspaces: []pipelinev1.WorkspacePipelineTaskBinding{{Name: "source", Workspace: "shared"}},
		}
		if i > 0 {
			t.Params[2].Value = *pipelinev1.NewStructuredValues(fmt.Sprintf("$(tasks.task-%d.results.digest)", i-1))
		}
		p.Spec.Tasks = append(p.Spec.Tasks, t)
	}
	return p
}

// throughMaps writes a struct that has JSON tags with yaml/v3.
func throughMaps(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var content any
	if err := json.Unmarshal(b, &content); err != nil {
		return nil, err
	}
	return yamlv3.Marshal(content)
}

func BenchmarkEmit(b *testing.B) {
	for _, n := range []int{10, 1000, 10_000} {
		p := chain(n)
		for _, w := range []struct {
			name  string
			write func() ([]byte, error)
		}{
			{"tekwright", func() ([]byte, error) { return Append(nil, p) }},
			{"json", func() ([]byte, error) { return json.Marshal(p) }},
			{"sigs", func() ([]byte, error) { return sigs.Marshal(p) }},
			{"yamlv3", func() ([]byte, error) { return throughMaps(p) }},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, w.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, err := w.write()
					require.NoError(b, err)
				}
			})
		}
	}
}

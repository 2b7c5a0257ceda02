package check_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"github.com/tektoncd/pipeline/pkg/apis/pipeline/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/tekwright/tekwright/pkg/check"
	"github.com/tekwright/tekwright/pkg/object"
)

// FuzzRun applies the rules to arbitrary JSON, decoded as an object of each kind.
func FuzzRun(f *testing.F) {
	files, _ := filepath.Glob("../../internal/rules/*/*.yaml")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(data), "\n### ")[1:] {
			_, body, _ := strings.Cut(c, "\n")
			for doc := range strings.SplitSeq(body, "\n---\n") {
				if j, err := yaml.YAMLToJSON([]byte(doc)); err == nil {
					f.Add(j)
				}
			}
		}
	}
	f.Add([]byte(`{"spec":{"tasks":[{"pipelineSpec":{"tasks":[{}]}},null],"finally":[{"taskSpec":{"steps":[{}]}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var objects []object.Object
		for _, o := range []runtime.Object{&v1.Task{}, &v1.Pipeline{}, &v1.PipelineRun{}, &v1.TaskRun{}, &v1beta1.StepAction{}} {
			_ = json.Unmarshal(data, o) // what was decoded before a fault is as good
			objects = append(objects, object.Object{Object: o})
		}
		for _, finding := range runAll(objects, check.Profile{}) {
			if finding.Code == "internal" {
				t.Fatal(finding.Error())
			}
		}
	})
}

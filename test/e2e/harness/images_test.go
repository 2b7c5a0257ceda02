package harness

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/tekwright/tekwright/pkg/tasks"
)

// The table of stand-ins follows the catalogue, and is used for a node alone.
func TestStandInImages(t *testing.T) {
	for image := range standIns {
		assert.Contains(t, tasks.Images(), image, "the catalogue has another version by now")
	}
	const text = `
spec:
  steps: [{image: docker.io/library/golang:1.26.10, script: "echo docker.io/library/golang:1.26.10"}, {image: "other:1"}]
  tasks: [{taskSpec: {sidecars: [{image: docker.io/library/docker:28.5.2-dind}]}}]
`
	objects := func() []*unstructured.Unstructured { return Decode(t, text) }
	other := objects()
	(&Cluster{}).StandInImages(t, other)
	assert.Equal(t, objects(), other)
	node := objects()
	(&Cluster{Tier: Node}).StandInImages(t, node)
	assert.Equal(t, Decode(t, `
spec:
  steps: [{image: docker.io/library/golang:1.26, script: "echo docker.io/library/golang:1.26.10"}, {image: "other:1"}]
  tasks: [{taskSpec: {sidecars: [{image: docker.io/library/docker:28-dind}]}}]
`), node)
}

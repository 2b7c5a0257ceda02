package importer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/internal/importer"
)

// TestRepository translates Repositories of Pipelines-as-Code. One that has what package pac
// does not know, or does not accept, is YAML.
func TestRepository(t *testing.T) {
	source, set, left := packageOf(t, `
apiVersion: pipelinesascode.tekton.dev/v1alpha1
kind: Repository
metadata: {name: shop, namespace: ci, labels: {team: a}, annotations: {note: b}}
spec:
  url: https://github.com/acme/shop
  concurrency_limit: 2
  git_provider: {type: gitlab, secret: {name: gitlab, key: token}}
  incoming: [{type: webhook-url, secret: {name: in, key: key}, targets: [main], params: [tag]}]
  params: [{name: registry, value: registry.local}, {name: token, secret_ref: {name: s, key: k}}]
  settings: {pipelinerun_provenance: default_branch}
`)
	assert.Empty(t, left)
	assert.Contains(t, source, `r.Param("registry", "registry.local")`)
	assert.Contains(t, source, `IncomingParams("tag")`)
	assert.Contains(t, source, `pac.NewRepository("shop", "https://github.com/acme/shop")`)
	_, err := set.Objects()
	require.NoError(t, err)

	for _, spec := range []string{
		"{url: https://github.com/acme/shop, other: 1}", "{url: https://github.com/acme/shop.git}",
		"{url: https://github.com/acme/shop, incoming: [{type: other, secret: {name: in, key: key}, targets: [main]}]}",
	} {
		objects, x := parse(t, "apiVersion: pipelinesascode.tekton.dev/v1alpha1\nkind: Repository\nmetadata: {name: shop}\nspec: "+spec, "x.yaml")
		r := importer.Import(x, objects[0], "x.yaml")
		assert.Nil(t, r.Func, spec)
		assert.NotEmpty(t, r.Reason, spec)
	}
}

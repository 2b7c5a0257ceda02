package builder_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tekwright/tekwright/pkg/builder"
	"github.com/tekwright/tekwright/pkg/diag"
)

// A run in a template is checked on its own, whatever its name: it is not in a set.
func TestRunObjectIsChecked(t *testing.T) {
	for _, name := range []builder.String{"r", "r-", "r-" + builder.String("$(uid)")} {
		p := builder.NewPipeline("p")
		key := p.Param("key")
		builder.Add(p, "a", Conv{Key: key})
		_, err := p.Run(name).Object()
		var f diag.Finding
		require.ErrorAs(t, err, &f, "%s", name)
		assert.Equal(t, "param-missing", f.Code, "%s", name)

		_, err = p.Run(name, key.Set("k")).Object()
		require.NoError(t, err, "%s", name)
	}
}

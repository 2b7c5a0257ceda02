package releases_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/tektoncd/pipeline/pkg/apis/config"

	"github.com/tekwright/tekwright/internal/releases"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"v0.53": "v0.53", "v0.53.1": "v0.53", "v1.3.0": "v1.3", "0.53": "", "v1": "", "v0.53.1-rc1": "", "": "", "v0.53.": "", "v99999.1": "", "latest": "", "v0.53\n": "",
	} {
		v, ok := releases.Parse(text)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, v.String())
		}
	}
	since := releases.Version{0, 53}
	for text, want := range map[string]bool{"v0.52.9": true, "v0.53.0": false, "v0.6": true, "v1.0": false, "": false, "latest": false} {
		assert.Equal(t, want, releases.Lacks(text, since), text)
	}
	assert.True(t, releases.Lacks("v0.99", releases.Version{1, 0}))
}

// TestCurrent tests that the required release of Tekton has the defaults of the table.
func TestCurrent(t *testing.T) {
	flags, err := config.NewFeatureFlagsFromMap(map[string]string{})
	assert.NoError(t, err)
	assert.Equal(t, "beta", flags.EnableAPIFields)
	assert.Equal(t, "workspaces", flags.Coschedule)
	_, ok := reflect.TypeFor[config.FeatureFlags]().FieldByName("DisableInlineSpec")
	assert.True(t, ok)
}

package negative

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tektoncd/pipeline/pkg/apis/config"
	triggersconfig "github.com/tektoncd/triggers/pkg/apis/config"

	"github.com/tekwright/tekwright/pkg/check"
)

// cluster is the configuration under which something was validated, for
// Tekton and for us.
func cluster(t *testing.T, c call) (context.Context, check.Profile) {
	t.Helper()
	if strings.Contains(c.Package, "tektoncd/triggers") {
		cfg, defaults := &triggersconfig.Config{}, triggersconfig.FromContextOrDefaults(context.Background())
		require.NoError(t, json.Unmarshal(c.Config, cfg))
		if cfg.Defaults == nil {
			cfg.Defaults = defaults.Defaults
		}
		if cfg.FeatureFlags == nil {
			cfg.FeatureFlags = defaults.FeatureFlags
		}
		return triggersconfig.ToContext(context.Background(), cfg), check.Profile{APIFields: cfg.FeatureFlags.EnableAPIFields}
	}
	defaults := config.FromContextOrDefaults(context.Background())
	cfg := &config.Config{}
	require.NoError(t, json.Unmarshal(c.Config, cfg))
	if cfg.Defaults == nil || cfg.Defaults.DefaultMaxMatrixCombinationsCount == 0 {
		forbidden := []string(nil)
		if cfg.Defaults != nil {
			forbidden = cfg.Defaults.DefaultForbiddenEnv
		}
		cfg.Defaults = defaults.Defaults.DeepCopy() // a test that did not care
		cfg.Defaults.DefaultForbiddenEnv = forbidden
	}
	if cfg.FeatureFlags == nil {
		cfg.FeatureFlags = defaults.FeatureFlags
	}
	flags := cfg.FeatureFlags
	if flags.EnableAPIFields == "" {
		flags.EnableAPIFields = defaults.FeatureFlags.EnableAPIFields
	}
	p := check.Profile{
		APIFields: flags.EnableAPIFields, Coschedule: flags.Coschedule, MaxMatrix: cfg.Defaults.DefaultMaxMatrixCombinationsCount,
		DisableInlineSpec: flags.DisableInlineSpec, ForbiddenEnv: cfg.Defaults.DefaultForbiddenEnv, TimeoutMinutes: &cfg.Defaults.DefaultTimeoutMinutes,
	}
	for flag, on := range map[string]bool{
		config.EnableCELInWhenExpression: flags.EnableCELInWhenExpression, config.EnableParamEnum: flags.EnableParamEnum,
		config.EnableArtifacts: flags.EnableArtifacts, config.EnableConciseResolverSyntax: flags.EnableConciseResolverSyntax,
		config.EnableKubernetesSidecar: flags.EnableKubernetesSidecar,
	} {
		if on {
			p.Features = append(p.Features, flag)
		}
	}
	return config.ToContext(context.Background(), cfg), p
}
